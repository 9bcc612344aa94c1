package dev.stowage.pressure;

import dev.stowage.columns.Nanos;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.shape.Declare;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import java.math.BigDecimal;
import java.util.Objects;

/**
 * Holds the latest snapshot and its band, which changes only with a snapshot. A stale snapshot
 * counts as at least {@link PressureBand#ELEVATED}; a snapshot from the future counts as measured
 * on arrival, so that it grows stale too. Not thread-safe.
 */
public final class PressureGauge {
  private final PressurePolicy policy;
  private PressureSnapshot latest = PressureSnapshot.NONE;
  private PressureBand measured = PressureBand.NORMAL;
  private long believedFromNanos;
  private boolean anySnapshot;

  /** Creates a gauge without a snapshot. */
  public PressureGauge(PressurePolicy policy) {
    this.policy = Objects.requireNonNull(policy, "policy");
  }

  /** The assessment of a snapshot; every snapshot is used. */
  public enum Reading {
    /** All values and the time are plausible. */
    ACCEPTED,
    /** At least one value is implausible and reads as full strain. */
    SUSPECT_VALUES,
    /** The values are plausible; the time lies after now and reads as now. */
    FROM_THE_FUTURE
  }

  /** Replaces the snapshot. */
  public Reading update(PressureSnapshot snapshot, long nowNanos) {
    latest = Objects.requireNonNull(snapshot, "snapshot");
    anySnapshot = true;
    measured = policy.next(measured, snapshot.maxPressure());
    believedFromNanos = Math.min(snapshot.measuredAtNanos(), nowNanos);
    if (!snapshot.suspect().isEmpty()) {
      return Reading.SUSPECT_VALUES;
    }
    return snapshot.measuredAtNanos() > nowNanos ? Reading.FROM_THE_FUTURE : Reading.ACCEPTED;
  }

  /** Returns the band in force, which is {@link PressureBand#NORMAL} before the first snapshot. */
  public PressureBand band(long nowNanos) {
    return isStale(nowNanos) ? measured.orWorse(PressureBand.ELEVATED) : measured;
  }

  /** Reports whether there is a snapshot and it is older than the policy's limit. */
  public boolean isStale(long nowNanos) {
    return anySnapshot && Nanos.between(believedFromNanos, nowNanos) > policy.staleAfterNanos();
  }

  /** Reports whether there was a snapshot. */
  public boolean hasSnapshot() {
    return anySnapshot;
  }

  /** Returns the latest snapshot; {@link PressureSnapshot#NONE} before the first. */
  public PressureSnapshot latest() {
    return latest;
  }

  /** Forgets every snapshot. */
  public void clear() {
    latest = PressureSnapshot.NONE;
    measured = PressureBand.NORMAL;
    believedFromNanos = 0;
    anySnapshot = false;
  }

  /**
   * The bounds of the bands, 0 to 1, and the age in nanoseconds above which a snapshot counts as at
   * least {@link PressureBand#ELEVATED}. A band is entered above its bound and left below its bound
   * minus the gap; a fall through several bounds stops at the first that still holds.
   */
  public record PressurePolicy(
      double elevatedAbove,
      double highAbove,
      double criticalAbove,
      double hysteresisGap,
      @Declare(least = 0, orElse = 5 * Nanos.PER_SECOND) long staleAfterNanos) {

    /** The shape of the policy. */
    static final Shape<PressurePolicy> SHAPE =
        Shape.derived(
            "pressure_policy",
            PressurePolicy.class,
            row -> {
              share(row.number("elevated_above"), 0.60);
              share(row.number("high_above"), 0.80);
              share(row.number("critical_above"), 0.95);
              share(row.number("hysteresis_gap"), 0.05);
              row.rule(it ->
                  it.elevatedAbove > it.highAbove || it.highAbove > it.criticalAbove
                      ? "elevated_above, high_above and critical_above must not fall: "
                          + it.elevatedAbove
                          + ", "
                          + it.highAbove
                          + ", "
                          + it.criticalAbove
                      : null);
            });

    /** The default policy. */
    public static final PressurePolicy DEFAULT = SHAPE.make(SHAPE.values());

    /** Throws {@link IllegalArgumentException} that names every violated bound. */
    public PressurePolicy(
        double elevatedAbove,
        double highAbove,
        double criticalAbove,
        double hysteresisGap,
        long staleAfterNanos) {
      this.elevatedAbove = elevatedAbove;
      this.highAbove = highAbove;
      this.criticalAbove = criticalAbove;
      this.hysteresisGap = hysteresisGap;
      this.staleAfterNanos = staleAfterNanos;
      SHAPE.checked(this);
    }

    private static void share(NumberField<PressurePolicy> field, double usual) {
      field.realBetween(0, 1).orElseReal(usual);
    }

    /** Returns the band of {@code pressure} without hysteresis. */
    public PressureBand bandOf(double pressure) {
      if (pressure > criticalAbove) {
        return PressureBand.CRITICAL;
      }
      if (pressure > highAbove) {
        return PressureBand.HIGH;
      }
      return pressure > elevatedAbove ? PressureBand.ELEVATED : PressureBand.NORMAL;
    }

    /** Returns the band that follows {@code current} at {@code pressure}. */
    public PressureBand next(PressureBand current, double pressure) {
      PressureBand asked = bandOf(pressure);
      PressureBand band = current;
      while (band.compareTo(asked) > 0 && pressure < leaveBelow(band)) {
        band = PressureBand.values()[band.ordinal() - 1];
      }
      return band.orWorse(asked);
    }

    /**
     * Returns the pressure strictly below which {@code band} is left, in decimal arithmetic. Throws
     * {@link IllegalArgumentException} for {@link PressureBand#NORMAL}.
     */
    public double leaveBelow(PressureBand band) {
      double bound =
          switch (band) {
            case NORMAL -> throw new IllegalArgumentException("NORMAL has no lower bound");
            case ELEVATED -> elevatedAbove;
            case HIGH -> highAbove;
            case CRITICAL -> criticalAbove;
          };
      return BigDecimal.valueOf(bound).subtract(BigDecimal.valueOf(hysteresisGap)).doubleValue();
    }
  }
}
