package dev.stowage.rebalance;

import java.time.Duration;
import java.util.Objects;

/**
 * The cost of moving a chunk.
 *
 * @param stateTransfer the time of the copy, at least zero
 * @param disruption the time that readers notice, at least zero
 * @param bandwidthBytes bytes on the wire, at least 0
 * @param reliabilityFactor multiplies the time; not finite or not above 0 counts as 1 (neutral)
 */
public record MigrationCost(
    Duration stateTransfer, Duration disruption, long bandwidthBytes, double reliabilityFactor) {
  /** No cost. */
  public static final MigrationCost NONE = of(Duration.ZERO, Duration.ZERO);

  /** Throws {@code IllegalArgumentException} for negative durations or bytes. */
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

  /** Returns a cost in time alone, neutral in reliability. */
  public static MigrationCost of(Duration stateTransfer, Duration disruption) {
    return new MigrationCost(stateTransfer, disruption, 0, 1);
  }

  /** Returns this cost with other bytes on the wire. */
  public MigrationCost withBandwidthBytes(long bytes) {
    return new MigrationCost(stateTransfer, disruption, bytes, reliabilityFactor);
  }

  /** Returns this cost with another reliability factor. */
  public MigrationCost withReliabilityFactor(double factor) {
    return new MigrationCost(stateTransfer, disruption, bandwidthBytes, factor);
  }
}
