package dev.stowage.propagation;

import dev.stowage.columns.Nanos;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counts of a scheduler; sums saturate. Latencies include waiting: the peak in nanoseconds, the
 * mean in milliseconds.
 */
public record PropagationStats(
    long updates,
    long sends,
    long bytes,
    double averageLatencyMillis,
    long peakLatencyNanos,
    Map<PropagationReason, Long> notSent) {
  /** Copies the map. */
  public PropagationStats {
    notSent = Collections.unmodifiableMap(new TreeMap<>(notSent));
  }

  /** Returns the number of updates not sent for this reason. */
  public long notSent(PropagationReason reason) {
    return notSent.getOrDefault(reason, 0L);
  }

  /** Returns the planned deliveries that were superseded, dropped for the budget, or cut off. */
  public long dropped() {
    return notSent(PropagationReason.SUPERSEDED)
        + notSent(PropagationReason.BUDGET)
        + notSent(PropagationReason.UNREACHABLE);
  }

  /** Counts. */
  static final class Tally {
    private final Map<PropagationReason, Long> notSent = new EnumMap<>(PropagationReason.class);
    long updates;
    private long sends;
    private long bytes;
    private double averageMillis;
    private long peakNanos;

    /** Keeps a running mean, because a sum of latencies could overflow. */
    void sent(long size, long latencyNanos) {
      sends++;
      bytes = Nanos.plus(bytes, size);
      double millis = (double) latencyNanos / Nanos.PER_MILLISECOND;
      averageMillis += (millis - averageMillis) / sends;
      peakNanos = Math.max(peakNanos, latencyNanos);
    }

    void notSent(PropagationReason reason) {
      notSent.merge(reason, 1L, Long::sum);
    }

    PropagationStats stats() {
      return new PropagationStats(updates, sends, bytes, averageMillis, peakNanos, notSent);
    }
  }
}
