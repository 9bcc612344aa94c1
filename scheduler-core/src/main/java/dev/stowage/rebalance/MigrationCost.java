package dev.stowage.rebalance;

import java.time.Duration;
import java.util.Objects;

/**
 * What moving a chunk costs.
 *
 * @param stateTransfer how long the copy takes, at least zero
 * @param disruption how long readers notice, at least zero
 * @param bandwidthBytes bytes on the wire, at least 0
 * @param reliabilityFactor multiplies the time; 1 is neutral, and what is not finite or not above 0
 *     counts as 1
 */
public record MigrationCost(
    Duration stateTransfer, Duration disruption, long bandwidthBytes, double reliabilityFactor) {
  /** Nothing. */
  public static final MigrationCost NONE = of(Duration.ZERO, Duration.ZERO);

  /** Refuses negative durations and bytes. */
  public MigrationCost {
    Objects.requireNonNull(stateTransfer, "stateTransfer");
    Objects.requireNonNull(disruption, "disruption");
    if (stateTransfer.isNegative() || disruption.isNegative() || bandwidthBytes < 0) {
      throw new IllegalArgumentException(
          "cost is "
              + stateTransfer
              + ", "
              + disruption
              + ", "
              + bandwidthBytes
              + " bytes; at least 0 of each is accepted");
    }
  }

  /** A cost in time alone, neutral in reliability. */
  public static MigrationCost of(Duration stateTransfer, Duration disruption) {
    return new MigrationCost(stateTransfer, disruption, 0, 1);
  }

  /** The same cost with bytes on the wire. */
  public MigrationCost withBandwidthBytes(long bytes) {
    return new MigrationCost(stateTransfer, disruption, bytes, reliabilityFactor);
  }

  /** The same cost with another reliability factor. */
  public MigrationCost withReliabilityFactor(double factor) {
    return new MigrationCost(stateTransfer, disruption, bandwidthBytes, factor);
  }
}
