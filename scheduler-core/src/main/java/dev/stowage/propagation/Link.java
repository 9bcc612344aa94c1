package dev.stowage.propagation;

import dev.stowage.pressure.Nanos;
import dev.stowage.shape.Shape;

/**
 * What a connection is like.
 *
 * @param latencyNanos how long a message takes, at least 0
 * @param bandwidth how wide it is, 0 to {@value #FULL_BANDWIDTH}
 * @param active whether anything passes at all
 */
public record Link(long latencyNanos, int bandwidth, boolean active) {
  /** The widest. */
  public static final int FULL_BANDWIDTH = 100;

  /** 50 ms, full bandwidth, active. */
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

  /** Refuses what is out of range with {@link IllegalArgumentException}. */
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

  /** The same with another latency. */
  public Link withLatency(long nanos) {
    return new Link(nanos, bandwidth, active);
  }

  /** The same with another bandwidth, 0 to {@value #FULL_BANDWIDTH}. */
  public Link withBandwidth(int width) {
    return new Link(latencyNanos, width, active);
  }

  /** The same, with nothing passing. */
  public Link broken() {
    return new Link(latencyNanos, bandwidth, false);
  }

  /**
   * The least-latency path between two nodes.
   *
   * @param latencyNanos of all its edges together, saturating
   * @param narrowest the bandwidth of its narrowest edge; {@link Link#FULL_BANDWIDTH} without edges
   */
  public record PathQuality(long latencyNanos, int narrowest) {
    /** By how much the path makes the quality worse: 0, 1 below 50, 2 below 25. */
    public int penalty() {
      return narrowest < 25 ? 2 : narrowest < 50 ? 1 : 0;
    }
  }
}
