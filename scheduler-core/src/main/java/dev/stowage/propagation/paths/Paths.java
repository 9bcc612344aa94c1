package dev.stowage.propagation.paths;

import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;

/** The paths from one source. Results are left in fields, because thousands are found in a row. */
public abstract class Paths {
  public long latencyNanos;
  public int narrowest;

  /** Reports whether an active path exists, and if so sets the fields. */
  public abstract boolean find(NodeId target);

  public final boolean here() {
    latencyNanos = 0;
    narrowest = Link.FULL_BANDWIDTH;
    return true;
  }

  public final void over(long latency, int bandwidth) {
    long sum = latencyNanos + latency;
    latencyNanos = sum < 0 ? Long.MAX_VALUE : sum;
    narrowest = Math.min(narrowest, bandwidth);
  }
}
