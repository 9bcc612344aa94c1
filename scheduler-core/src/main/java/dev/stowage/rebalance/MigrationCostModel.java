package dev.stowage.rebalance;

import dev.stowage.columns.Micros;
import dev.stowage.shape.Shape;
import java.time.Duration;

/**
 * Converts a cost to points: {@code costPerSecond x (transfer + disruption) x weight + costPerGib x
 * GiB}, weight being the reliability factor if finite and above 0, else 1 (rebalance design,
 * section 4).
 *
 * @param costPerSecond points per second, finite, at least 0
 * @param costPerGib points per gibibyte, finite, at least 0
 */
public record MigrationCostModel(double costPerSecond, double costPerGib) {
  static final Shape<MigrationCostModel> SHAPE =
      Shape.of(
          "migration_cost",
          row -> {
            var second = row.real("cost_per_second", MigrationCostModel::costPerSecond);
            var gib = row.real("cost_per_gib", MigrationCostModel::costPerGib);
            second.realBetween(0, Double.MAX_VALUE).orElseReal(0.1);
            second.means("the points that a second of transfer and disruption costs");
            gib.realBetween(0, Double.MAX_VALUE).orElseReal(0);
            gib.means("the points that a gibibyte costs");
            return v -> new MigrationCostModel(second.realOf(v), gib.realOf(v));
          });

  /** The defaults: 0.1 points per second, nothing per byte. */
  public static final MigrationCostModel DEFAULT = SHAPE.make(SHAPE.values());

  private static final double BYTES_PER_GIB = 1L << 30;
  private static final long MOST_MICROS = Long.MAX_VALUE / 4;

  /** Throws {@link IllegalArgumentException} naming each factor that is negative or not finite. */
  public MigrationCostModel(double costPerSecond, double costPerGib) {
    this.costPerSecond = costPerSecond;
    this.costPerGib = costPerGib;
    SHAPE.checked(this);
  }

  /** Returns the points of a cost in micro-points, at least 0, saturated. */
  public long micros(MigrationCost cost) {
    double factor = cost.reliabilityFactor();
    double weight = Double.isFinite(factor) && factor > 0 ? factor : 1;
    double seconds = seconds(cost.stateTransfer()) + seconds(cost.disruption());
    return bounded(costPerSecond * seconds * weight) + microsOfBytes(cost.bandwidthBytes());
  }

  /** Returns the points of bytes alone in micro-points, saturated. */
  public long microsOfBytes(long bytes) {
    return bounded(costPerGib * (bytes / BYTES_PER_GIB));
  }

  private static long bounded(double points) {
    return Math.min(MOST_MICROS, Math.round(points * Micros.PER_POINT));
  }

  private static double seconds(Duration duration) {
    return duration.getSeconds() + duration.getNano() / 1e9;
  }
}
