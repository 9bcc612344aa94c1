package dev.stowage.pressure;

import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** An immutable sample of the five load signals, each of which is live with a load or not live. */
public final class LoadSignals {
  /** A sample without live signals. */
  public static final LoadSignals NONE = new LoadSignals(emptyLoads());

  private static final long NOT_LIVE = -1;

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

  /** Returns a sample in which all five signals are live with load 0. */
  public static LoadSignals idle() {
    return new LoadSignals(new long[LoadSignal.values().length]);
  }

  /** Returns a copy with a load given as a share; NaN, infinite and negative shares read as 1. */
  public LoadSignals with(LoadSignal signal, double load) {
    return replacing(signal, LoadSignal.scaled(load));
  }

  /** Returns a copy with {@code load} in ten-thousandths; negative loads read as 0. */
  public LoadSignals withScaled(LoadSignal signal, long load) {
    return replacing(signal, Math.max(0, load));
  }

  /** Returns a copy in which {@code signal} is not live. */
  public LoadSignals without(LoadSignal signal) {
    return replacing(signal, NOT_LIVE);
  }

  /** Returns a copy with {@code pending / capacity}, each at least 0; not live if capacity is 0. */
  public LoadSignals withChannelBacklog(long pending, long capacity) {
    if (pending < 0 || capacity < 0) {
      throw new IllegalArgumentException(
          "pending is " + pending + ", capacity " + capacity + "; at least 0 is accepted");
    }
    return capacity == 0
        ? without(LoadSignal.CHANNEL_BACKLOG)
        : with(LoadSignal.CHANNEL_BACKLOG, (double) pending / capacity);
  }

  /** Reports whether {@code signal} is live. */
  public boolean isLive(LoadSignal signal) {
    return loads[signal.ordinal()] != NOT_LIVE;
  }

  /** Returns the load in ten-thousandths; 0 if the signal is not live. */
  public long load(LoadSignal signal) {
    return Math.max(0, loads[signal.ordinal()]);
  }

  /** Returns the greatest live load in ten-thousandths; 0 if no signal is live. */
  public long overall() {
    long most = 0;
    for (long load : loads) {
      most = Math.max(most, load);
    }
    return most;
  }

  /** Returns the number of live signals, 0 to 5. */
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

  /** The signals of a governor, with thresholds in ten-thousandths; a load may exceed 10,000. */
  public enum LoadSignal {
    /** Tasks ready to run, as a share of what the processors sustain. */
    RUNNABLE_QUEUE(8_000),
    /** Threads in use, as a share of the blocking pool. */
    BLOCKING_POOL(9_000),
    /** Waiting messages, as a share of the channel's capacity. */
    CHANNEL_BACKLOG(7_000),
    /** The backlog of cleanup work. */
    CLEANUP_DEBT(8_000),
    /** Memory in use, as a share of the budget. */
    MEMORY_BUDGET(9_000);

    /** The unit of loads: a share of 1 is 10,000 ten-thousandths, rounded down. */
    public static final int SCALE = 10_000;

    static final long UNREADABLE = SCALE;

    private final int threshold;

    LoadSignal(int threshold) {
      this.threshold = threshold;
    }

    /** Returns the load in ten-thousandths above which work is admitted with backpressure. */
    public int backpressureAbove() {
      return threshold;
    }

    /** Returns 1.2 times {@link #backpressureAbove()}, the load above which work is rejected. */
    public int rejectAbove() {
      return threshold / 10 * 12;
    }

    /** Rounds down in decimal arithmetic, so that binary fractions do not lose a ten-thousandth. */
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
