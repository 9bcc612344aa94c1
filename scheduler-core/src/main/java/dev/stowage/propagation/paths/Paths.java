package dev.stowage.propagation.paths;

import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;

/**
 * The paths from one source, asked target by target. A path is left in the fields instead of in an
 * object, because ten thousand are asked for in a row.
 */
public abstract class Paths {
  public long latencyNanos;
  public int narrowest;

  /** Whether there is a path over active edges; if so, the fields say what it is like. */
  public abstract boolean find(NodeId target);

  /** The path without edges. */
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
