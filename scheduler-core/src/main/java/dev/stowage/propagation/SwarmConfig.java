package dev.stowage.propagation;

import dev.stowage.pressure.Nanos;

/**
 * How a broadcast works.
 *
 * @param treeAbove a star with more viewers than this becomes a tree, at least 0; with fewer than
 *     {@value #STAR_BELOW_PERCENT} percent of it, a star again
 * @param fanOut the most nodes that one passes on to in a tree, at least 2
 * @param budgetBytesPerSecond what a viewer may be sent, at least 1
 * @param keyframeIntervalNanos after this long the next picture is a keyframe, at least 0
 */
public record SwarmConfig(
    int treeAbove, int fanOut, long budgetBytesPerSecond, long keyframeIntervalNanos) {
  /** Below this share of the threshold a tree becomes a star again. */
  public static final int STAR_BELOW_PERCENT = 80;

  /** 50 viewers, fan-out 5, 500,000 bytes a second, a keyframe every two seconds. */
  public static final SwarmConfig DEFAULT =
      new SwarmConfig(50, 5, 500_000, 2_000 * Nanos.PER_MILLISECOND);

  /** Refuses what is out of range with {@link IllegalArgumentException}. */
  public SwarmConfig {
    if (treeAbove < 0 || fanOut < 2 || keyframeIntervalNanos < 0) {
      throw new IllegalArgumentException(
          "treeAbove is "
              + treeAbove
              + ", fanOut "
              + fanOut
              + ", keyframeIntervalNanos "
              + keyframeIntervalNanos
              + "; at least 0, 2 and 0");
    }
    if (budgetBytesPerSecond < 1
        || budgetBytesPerSecond > PropagationConfig.MOST_BYTES_PER_SECOND) {
      throw new IllegalArgumentException(
          "budgetBytesPerSecond is "
              + budgetBytesPerSecond
              + "; 1 to "
              + PropagationConfig.MOST_BYTES_PER_SECOND
              + " is accepted");
    }
  }

  /** The same with another threshold, at least 0. */
  public SwarmConfig withTreeAbove(int viewers) {
    return new SwarmConfig(viewers, fanOut, budgetBytesPerSecond, keyframeIntervalNanos);
  }
}
