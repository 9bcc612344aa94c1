package dev.stowage.rebalance;

import dev.stowage.rebalance.tables.Micros;
import java.time.Duration;

/**
 * Turns a cost into points of a score (rebalance design, section 4): {@code costPerSecond x
 * (transfer + disruption) x weight + costPerGib x GiB}, the weight being the reliability factor
 * where that is finite and above 0, else 1.
 *
 * @param costPerSecond points per second, finite, at least 0
 * @param costPerGib points per gibibyte, finite, at least 0
 */
public record MigrationCostModel(double costPerSecond, double costPerGib) {
  /** A tenth of a point per second, nothing per byte. */
  public static final MigrationCostModel DEFAULT = new MigrationCostModel(0.1, 0);

  private static final double BYTES_PER_GIB = 1L << 30;
  private static final long MOST_MICROS = Long.MAX_VALUE / 4;

  /** Refuses factors that are not finite or are negative. */
  public MigrationCostModel {
    requireFactor(costPerSecond, "costPerSecond");
    requireFactor(costPerGib, "costPerGib");
  }

  /** The score equivalent of a cost, in micro-points, at least 0; saturates. */
  public long micros(MigrationCost cost) {
    double factor = cost.reliabilityFactor();
    double weight = Double.isFinite(factor) && factor > 0 ? factor : 1;
    double seconds = seconds(cost.stateTransfer()) + seconds(cost.disruption());
    return bounded(costPerSecond * seconds * weight) + microsOfBytes(cost.bandwidthBytes());
  }

  /** What bytes alone cost, in micro-points; saturates. */
  public long microsOfBytes(long bytes) {
    return bounded(costPerGib * (bytes / BYTES_PER_GIB));
  }

  private static long bounded(double points) {
    return Math.min(MOST_MICROS, Math.round(points * Micros.PER_POINT));
  }

  private static double seconds(Duration duration) {
    return duration.getSeconds() + duration.getNano() / 1e9;
  }

  private static void requireFactor(double factor, String name) {
    if (!Double.isFinite(factor) || factor < 0) {
      throw new IllegalArgumentException(
          name + " is " + factor + "; finite and at least 0 is accepted");
    }
  }
}
