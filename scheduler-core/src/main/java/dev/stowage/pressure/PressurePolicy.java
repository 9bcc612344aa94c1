package dev.stowage.pressure;

import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * Where the bands begin, how far pressure must fall before one is left, and how long a snapshot is
 * believed. Each bound works by itself: a band is entered above its bound and left below its bound
 * minus the gap, so a fall through several bounds stops at the first one that still holds.
 *
 * @param elevatedAbove pressure above which {@link PressureBand#ELEVATED} is entered
 * @param highAbove pressure above which {@link PressureBand#HIGH} is entered
 * @param criticalAbove pressure above which {@link PressureBand#CRITICAL} is entered
 * @param hysteresisGap how far below its bound pressure must fall to leave a band
 * @param staleAfterNanos a snapshot older than this counts as at least {@link
 *     PressureBand#ELEVATED}; exactly this old is believed
 */
public record PressurePolicy(
    double elevatedAbove,
    double highAbove,
    double criticalAbove,
    double hysteresisGap,
    long staleAfterNanos) {
  private static final Shape.Builder<PressurePolicy> FIELDS = Shape.named("pressure_policy");

  private static final NumberField<PressurePolicy> ELEVATED =
      share("elevated_above", PressurePolicy::elevatedAbove, 0.60)
          .means("the pressure above which the band is elevated");
  private static final NumberField<PressurePolicy> HIGH =
      share("high_above", PressurePolicy::highAbove, 0.80)
          .means("the pressure above which the band is high; at least that of elevated");
  private static final NumberField<PressurePolicy> CRITICAL =
      share("critical_above", PressurePolicy::criticalAbove, 0.95)
          .means("the pressure above which the band is critical; at least that of high");
  private static final NumberField<PressurePolicy> GAP =
      share("hysteresis_gap", PressurePolicy::hysteresisGap, 0.05)
          .means("how far below its bound pressure must fall to leave a band");
  private static final NumberField<PressurePolicy> STALE_AFTER =
      FIELDS
          .number("stale_after_nanos", PressurePolicy::staleAfterNanos)
          .atLeast(0)
          .orElse(5 * Nanos.PER_SECOND)
          .means("the age beyond which a snapshot counts as at least elevated");

  /** The bounds of the bands, the gap and the age. */
  public static final Shape<PressurePolicy> SHAPE =
      FIELDS
          .rule(it ->
              it.elevatedAbove > it.highAbove || it.highAbove > it.criticalAbove
                  ? "bounds must not fall: "
                      + it.elevatedAbove
                      + ", "
                      + it.highAbove
                      + ", "
                      + it.criticalAbove
                  : null)
          .make(v ->
              new PressurePolicy(
                  ELEVATED.realOf(v),
                  HIGH.realOf(v),
                  CRITICAL.realOf(v),
                  GAP.realOf(v),
                  STALE_AFTER.of(v)));

  /** The defaults. */
  public static final PressurePolicy DEFAULT = SHAPE.make(SHAPE.values());

  /** Throws {@link IllegalArgumentException} naming every violated bound. */
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

  private static NumberField<PressurePolicy> share(
      String name, ToDoubleFunction<PressurePolicy> get, double usual) {
    return FIELDS.real(name, get).realBetween(0, 1).orElseReal(usual);
  }

  /** This policy with other bounds. */
  public PressurePolicy withBounds(double elevated, double high, double critical) {
    return new PressurePolicy(elevated, high, critical, hysteresisGap, staleAfterNanos);
  }

  /** This policy with another gap. */
  public PressurePolicy withHysteresisGap(double gap) {
    return SHAPE.withReal(this, GAP, gap);
  }

  /** This policy believing snapshots for another time. */
  public PressurePolicy withStaleAfter(Duration time) {
    return SHAPE.with(this, STALE_AFTER, Nanos.of(time, "staleAfter"));
  }

  /** The band that pressure alone asks for, without memory. */
  public PressureBand bandOf(double pressure) {
    if (pressure > criticalAbove) {
      return PressureBand.CRITICAL;
    }
    if (pressure > highAbove) {
      return PressureBand.HIGH;
    }
    return pressure > elevatedAbove ? PressureBand.ELEVATED : PressureBand.NORMAL;
  }

  /** The band after {@code current} when pressure reads {@code pressure}. */
  public PressureBand next(PressureBand current, double pressure) {
    PressureBand asked = bandOf(pressure);
    PressureBand band = current;
    while (band.compareTo(asked) > 0 && pressure < leaveBelow(band)) {
      band = PressureBand.values()[band.ordinal() - 1];
    }
    return band.orWorse(asked);
  }

  /**
   * Pressure strictly below this leaves the band. Computed in decimals, so that 0.80 - 0.05 is 0.75
   * and not a neighbour of it.
   *
   * @throws IllegalArgumentException for {@link PressureBand#NORMAL}, which nothing leaves
   *     downwards
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
