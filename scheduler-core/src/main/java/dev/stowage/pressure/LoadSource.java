package dev.stowage.pressure;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** A source of load samples, called by a governor at most once a period. */
@FunctionalInterface
public interface LoadSource {
  /** A source without live signals. */
  LoadSource NONE = now -> LoadSignals.NONE;

  /** Returns a sample at {@code nowNanos}. */
  LoadSignals sample(long nowNanos);

  /** A sample of the five load signals: the loads, in ten-thousandths, of those that are live. */
  public record LoadSignals(Map<LoadSignal, Long> loads) {
    /** A sample without live signals. */
    public static final LoadSignals NONE = new LoadSignals(Map.of());

    /** Copies the loads; throws {@link IllegalArgumentException} for one below 0. */
    public LoadSignals {
      Map<LoadSignal, Long> copy = new EnumMap<>(LoadSignal.class);
      copy.putAll(loads);
      if (copy.values().stream().anyMatch(load -> load < 0)) {
        throw new IllegalArgumentException("loads are " + loads + "; at least 0 is accepted");
      }
      loads = Collections.unmodifiableMap(copy);
    }

    /** Returns a sample in which all five signals are live with load 0. */
    public static LoadSignals idle() {
      LoadSignals idle = NONE;
      for (LoadSignal signal : LoadSignal.values()) {
        idle = idle.with(signal, 0);
      }
      return idle;
    }

    /** Returns a copy with a load given as a share; NaN, infinite and negative shares read as 1. */
    public LoadSignals with(LoadSignal signal, double load) {
      Map<LoadSignal, Long> changed = new EnumMap<>(LoadSignal.class);
      changed.putAll(loads);
      changed.put(signal, LoadSignal.scaled(load));
      return new LoadSignals(changed);
    }

    /** Returns a copy with {@code pending / capacity}, each at least 0; unchanged at capacity 0. */
    public LoadSignals withChannelBacklog(long pending, long capacity) {
      if (pending < 0 || capacity < 0) {
        throw new IllegalArgumentException(
            "pending is " + pending + ", capacity " + capacity + "; at least 0 is accepted");
      }
      return capacity == 0 ? this : with(LoadSignal.CHANNEL_BACKLOG, (double) pending / capacity);
    }

    /** Returns the load in ten-thousandths; 0 if the signal is not live. */
    public long load(LoadSignal signal) {
      return loads.getOrDefault(signal, 0L);
    }

    /** Returns the greatest live load in ten-thousandths; 0 if no signal is live. */
    public long overall() {
      return loads.values().stream().mapToLong(load -> load).max().orElse(0);
    }

    /** Returns the number of live signals, 0 to 5. */
    public int liveCount() {
      return loads.size();
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

      private static final long UNREADABLE = 10_000;

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

      /**
       * Rounds down in decimal arithmetic, so that binary fractions do not lose a ten-thousandth.
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
}
