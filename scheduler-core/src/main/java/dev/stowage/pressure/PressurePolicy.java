package dev.stowage.pressure;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the bands begin, how far pressure must fall before one is left, and how long a snapshot is
 * believed. Each bound works by itself: a band is entered above its bound and left below its bound
 * minus the gap, so a fall through several bounds stops at the first one that still holds.
 *
 * @param elevatedAbove pressure above which {@link PressureBand#ELEVATED} is entered, 0 to 1
 * @param highAbove pressure above which {@link PressureBand#HIGH} is entered
 * @param criticalAbove pressure above which {@link PressureBand#CRITICAL} is entered
 * @param hysteresisGap how far below its bound pressure must fall to leave a band, 0 to 1
 * @param staleAfterNanos a snapshot older than this counts as at least {@link
 *     PressureBand#ELEVATED}; exactly this old is believed
 */
public record PressurePolicy(
    double elevatedAbove,
    double highAbove,
    double criticalAbove,
    double hysteresisGap,
    long staleAfterNanos) {
  /** Pressure above this is elevated unless another bound is asked for. */
  public static final double DEFAULT_ELEVATED_ABOVE = 0.60;

  /** Pressure above this is high unless another bound is asked for. */
  public static final double DEFAULT_HIGH_ABOVE = 0.80;

  /** Pressure above this is critical unless another bound is asked for. */
  public static final double DEFAULT_CRITICAL_ABOVE = 0.95;

  /** How far below its bound a band is left unless another gap is asked for. */
  public static final double DEFAULT_HYSTERESIS_GAP = 0.05;

  /** How long a snapshot is believed unless another age is asked for: 5 s. */
  public static final long DEFAULT_STALE_AFTER_NANOS = 5_000_000_000L;

  /** The named defaults. */
  public static final PressurePolicy DEFAULT =
      new PressurePolicy(
          DEFAULT_ELEVATED_ABOVE,
          DEFAULT_HIGH_ABOVE,
          DEFAULT_CRITICAL_ABOVE,
          DEFAULT_HYSTERESIS_GAP,
          DEFAULT_STALE_AFTER_NANOS);

  /**
   * Refuses, with {@link IllegalArgumentException} naming every violated bound, what is not 0 to 1
   * or does not rise, and a negative age.
   */
  public PressurePolicy {
    List<String> violations = new ArrayList<>();
    share(elevatedAbove, "elevatedAbove", violations);
    share(highAbove, "highAbove", violations);
    share(criticalAbove, "criticalAbove", violations);
    share(hysteresisGap, "hysteresisGap", violations);
    if (elevatedAbove > highAbove || highAbove > criticalAbove) {
      violations.add(
          "bounds must not fall: " + elevatedAbove + ", " + highAbove + ", " + criticalAbove);
    }
    if (staleAfterNanos < 0) {
      violations.add("staleAfterNanos is " + staleAfterNanos + "; at least 0");
    }
    if (!violations.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", violations));
    }
  }

  /** This policy with other bounds. */
  public PressurePolicy withBounds(double elevated, double high, double critical) {
    return new PressurePolicy(elevated, high, critical, hysteresisGap, staleAfterNanos);
  }

  /** This policy with another gap. */
  public PressurePolicy withHysteresisGap(double gap) {
    return new PressurePolicy(elevatedAbove, highAbove, criticalAbove, gap, staleAfterNanos);
  }

  /** This policy believing snapshots for another time. */
  public PressurePolicy withStaleAfter(Duration time) {
    long nanos = Nanos.of(time, "staleAfter");
    return new PressurePolicy(elevatedAbove, highAbove, criticalAbove, hysteresisGap, nanos);
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

  private static void share(double value, String name, List<String> violations) {
    if (!(value >= 0 && value <= 1)) {
      violations.add(name + " is " + value + "; 0 to 1");
    }
  }
}
