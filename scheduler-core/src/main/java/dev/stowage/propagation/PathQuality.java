package dev.stowage.propagation;

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
