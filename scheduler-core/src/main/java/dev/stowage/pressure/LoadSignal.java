package dev.stowage.pressure;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What the governor looks at, each with the load above which it pushes back. Loads are shares; they
 * may exceed 1 where a thing can be overdrawn.
 */
public enum LoadSignal {
  /** Tasks that are ready to run, as a share of what the processors keep up with. */
  RUNNABLE_QUEUE(8_000),
  /** Threads of the blocking pool in use. */
  BLOCKING_POOL(9_000),
  /** Messages that wait, as a share of the channel's capacity. */
  CHANNEL_BACKLOG(7_000),
  /** Cleanup that is owed. */
  CLEANUP_DEBT(8_000),
  /** Memory in use, as a share of the budget. */
  MEMORY_BUDGET(9_000);

  /** Loads are kept as whole ten-thousandths, rounded down. */
  public static final int SCALE = 10_000;

  /** A load that is no number, infinite or negative reads as this: fully loaded. */
  static final long UNREADABLE = SCALE;

  private final int threshold;

  LoadSignal(int threshold) {
    this.threshold = threshold;
  }

  /** The load, in ten-thousandths, above which work is admitted with backpressure. */
  public int backpressureAbove() {
    return threshold;
  }

  /** The load, in ten-thousandths, above which work is rejected: 1.2 times the threshold. */
  public int rejectAbove() {
    return threshold / 10 * 12;
  }

  /** A load in ten-thousandths, rounded down in decimals; what cannot be a load is fully loaded. */
  static long scaled(double load) {
    if (!(load >= 0) || Double.isInfinite(load)) {
      return UNREADABLE;
    }
    BigDecimal scaled = BigDecimal.valueOf(load).movePointRight(4);
    BigDecimal most = BigDecimal.valueOf(Integer.MAX_VALUE);
    return scaled.min(most).setScale(0, RoundingMode.FLOOR).longValueExact();
  }
}
