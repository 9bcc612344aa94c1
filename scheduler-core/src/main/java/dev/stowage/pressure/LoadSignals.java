package dev.stowage.pressure;

import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One sample of the five signals; each is live with a load, or not live. A value: nothing changes
 * it.
 */
public final class LoadSignals {
  /** No signal is live. */
  public static final LoadSignals NONE = new LoadSignals(emptyLoads());

  private static final long NOT_LIVE = -1;

  /** The five loads, each left out if it is not live. */
  static final Shape<LoadSignals> SHAPE =
      Shape.of(
          "load_signals",
          row -> {
            List<NumberField<LoadSignals>> loads = new ArrayList<>();
            for (LoadSignal signal : LoadSignal.values()) {
              String name = signal.name().toLowerCase(Locale.ROOT);
              loads.add(
                  row.number(name, it -> it.loads[signal.ordinal()]).orElse(NOT_LIVE, "not live"));
            }
            return v ->
                new LoadSignals(
                    loads.stream().mapToLong(load -> Math.max(NOT_LIVE, load.of(v))).toArray());
          });

  private final long[] loads;

  private LoadSignals(long[] loads) {
    this.loads = loads;
  }

  /** All five signals live with load 0. */
  public static LoadSignals idle() {
    return new LoadSignals(new long[LoadSignal.values().length]);
  }

  /**
   * These signals with one of them live.
   *
   * @param load a share; kept in ten-thousandths, rounded down. NaN, infinite and negative loads
   *     read as 1, fully loaded
   */
  public LoadSignals with(LoadSignal signal, double load) {
    return replacing(signal, LoadSignal.scaled(load));
  }

  /** These signals with one of them at another load. */
  public LoadSignals withScaled(LoadSignal signal, long load) {
    return replacing(signal, Math.max(0, load));
  }

  /** These signals with one of them not live. */
  public LoadSignals without(LoadSignal signal) {
    return replacing(signal, NOT_LIVE);
  }

  /**
   * These signals with the channel's backlog; not live if the capacity is 0.
   *
   * @param pending messages that wait, at least 0
   * @param capacity messages that may wait, at least 0
   */
  public LoadSignals withChannelBacklog(long pending, long capacity) {
    if (pending < 0 || capacity < 0) {
      throw new IllegalArgumentException(
          "pending is " + pending + ", capacity " + capacity + "; both at least 0");
    }
    return capacity == 0
        ? without(LoadSignal.CHANNEL_BACKLOG)
        : with(LoadSignal.CHANNEL_BACKLOG, (double) pending / capacity);
  }

  /** Whether a signal is live. */
  public boolean isLive(LoadSignal signal) {
    return loads[signal.ordinal()] != NOT_LIVE;
  }

  /** The load of a live signal in ten-thousandths; 0 if it is not live. */
  public long load(LoadSignal signal) {
    return Math.max(0, loads[signal.ordinal()]);
  }

  /** The greatest load of a live signal in ten-thousandths; 0 if none is live. */
  public long overall() {
    long most = 0;
    for (long load : loads) {
      most = Math.max(most, load);
    }
    return most;
  }

  /** How many of the five are live. */
  public int liveCount() {
    int live = 0;
    for (long load : loads) {
      live += load == NOT_LIVE ? 0 : 1;
    }
    return live;
  }

  private LoadSignals replacing(LoadSignal signal, long load) {
    long[] changed = loads.clone();
    changed[signal.ordinal()] = load;
    return new LoadSignals(changed);
  }

  private static long[] emptyLoads() {
    long[] none = new long[LoadSignal.values().length];
    Arrays.fill(none, -1);
    return none;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LoadSignals that && Arrays.equals(loads, that.loads);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(loads);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (LoadSignal signal : LoadSignal.values()) {
      text.append(text.isEmpty() ? "" : " ").append(signal).append('=');
      text.append(isLive(signal) ? Long.toString(load(signal)) : "-");
    }
    return text.toString();
  }

  /**
   * What the governor looks at, each with the load above which it pushes back. Loads are shares;
   * they may exceed 1 where a thing can be overdrawn.
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

    /**
     * A load in ten-thousandths, rounded down in decimals; what cannot be a load is fully loaded.
     */
    static long scaled(double load) {
      if (!(load >= 0) || Double.isInfinite(load)) {
        return UNREADABLE;
      }
      BigDecimal scaled = BigDecimal.valueOf(load).movePointRight(4);
      BigDecimal most = BigDecimal.valueOf(Integer.MAX_VALUE);
      return scaled.min(most).setScale(0, RoundingMode.FLOOR).longValueExact();
    }
  }
}
