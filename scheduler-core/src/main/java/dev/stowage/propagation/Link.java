package dev.stowage.propagation;

import dev.stowage.pressure.Nanos;
import dev.stowage.shape.Shape;

/** A connection: latency of 0 or more nanoseconds, bandwidth 0 to {@value #FULL_BANDWIDTH}. */
public record Link(long latencyNanos, int bandwidth, boolean active) {
  /** The greatest bandwidth. */
  public static final int FULL_BANDWIDTH = 100;

  /** An active link of 50 ms and full bandwidth. */
  public static final Link DEFAULT = new Link(50 * Nanos.PER_MILLISECOND, FULL_BANDWIDTH, true);

  static final Shape<Link> SHAPE =
      Shape.of(
          "link",
          row -> {
            var latency = row.number("latency_nanos", Link::latencyNanos);
            var bandwidth = row.number("bandwidth", Link::bandwidth).narrow();
            var active = row.flag("active", Link::active);
            return v -> new Link(latency.of(v), bandwidth.intOf(v), active.of(v));
          });

  /** Throws {@link IllegalArgumentException} for a value out of range. */
  public Link {
    if (latencyNanos < 0) {
      throw new IllegalArgumentException(
          "latencyNanos is " + latencyNanos + "; at least 0 is accepted");
    }
    if (bandwidth < 0 || bandwidth > FULL_BANDWIDTH) {
      throw new IllegalArgumentException(
          "bandwidth is " + bandwidth + "; 0 to " + FULL_BANDWIDTH + " is accepted");
    }
  }

  /** Returns this link with another latency. */
  public Link withLatency(long nanos) {
    return new Link(nanos, bandwidth, active);
  }

  /** Returns this link with another bandwidth, 0 to {@value #FULL_BANDWIDTH}. */
  public Link withBandwidth(int width) {
    return new Link(latencyNanos, width, active);
  }

  /** Returns this link, inactive. */
  public Link broken() {
    return new Link(latencyNanos, bandwidth, false);
  }

  /** A least-latency path: saturating sum of latencies in nanoseconds, and least bandwidth. */
  public record PathQuality(long latencyNanos, int narrowest) {
    /** Returns the loss of quality: 0, 1 below bandwidth 50, 2 below 25. */
    public int penalty() {
      return narrowest < 25 ? 2 : narrowest < 50 ? 1 : 0;
    }
  }
}
