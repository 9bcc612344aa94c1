package dev.stowage.propagation;

import dev.stowage.columns.Nanos;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;

/** A path to a node: latency of 0 or more ns, bandwidth 0 to {@value #FULL_BANDWIDTH}. */
public record Link(
    @Declare(least = 0) long latencyNanos,
    @Declare(least = 0, most = FULL_BANDWIDTH) int bandwidth,
    boolean active) {
  /** The greatest bandwidth. */
  public static final int FULL_BANDWIDTH = 100;

  static final Shape<Link> SHAPE = Shape.derived("link", Link.class);

  /** An active link of 50 ms and full bandwidth. */
  public static final Link DEFAULT = new Link(50 * Nanos.PER_MILLISECOND, FULL_BANDWIDTH, true);

  /** Throws {@link IllegalArgumentException} for a value out of range. */
  public Link(long latencyNanos, int bandwidth, boolean active) {
    this.latencyNanos = latencyNanos;
    this.bandwidth = bandwidth;
    this.active = active;
    SHAPE.checked(this);
  }

  /** Returns this link with another bandwidth, 0 to {@value #FULL_BANDWIDTH}. */
  public Link withBandwidth(int width) {
    return new Link(latencyNanos, width, active);
  }

  /** Returns the loss of quality: 0, 1 below bandwidth 50, 2 below 25. */
  public int penalty() {
    return bandwidth < 25 ? 2 : bandwidth < 50 ? 1 : 0;
  }
}
