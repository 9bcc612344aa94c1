package dev.stowage.propagation.outbox;

import dev.stowage.pressure.Nanos;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationStats.LatencyHistogram;
import dev.stowage.propagation.PropagationStats;
import java.util.EnumMap;
import java.util.Map;

/** The counters behind {@link PropagationStats}. */
public final class StatsTally {
  private final long[] latencies = new long[LatencyHistogram.BUCKETS];
  private final long[] notSent = new long[PropagationReason.values().length];
  private long updates;
  private long sends;
  private long bytes;
  private double averageMillis;
  private long peakNanos;
  private long gaps;
  private long withdrawn;
  private long forced;
  private long unknown;

  public void accepted() {
    updates++;
  }

  /** Keeps a running mean, because a sum of latencies could overflow. */
  public void sent(long size, long latencyNanos) {
    sends++;
    bytes = Nanos.plus(bytes, size);
    double millis = (double) latencyNanos / Nanos.PER_MILLISECOND;
    averageMillis += (millis - averageMillis) / sends;
    peakNanos = Math.max(peakNanos, latencyNanos);
    latencies[LatencyHistogram.bucketOf(latencyNanos)]++;
  }

  public void notSent(PropagationReason reason) {
    notSent[reason.ordinal()]++;
  }

  public void gaps(long change) {
    gaps = change < 0 ? Math.max(0, gaps + change) : Nanos.plus(gaps, change);
  }

  public void withdrawn() {
    withdrawn++;
  }

  void keyframeForced() {
    forced++;
  }

  public void unknownNode() {
    unknown++;
  }

  public PropagationStats stats(ClockGate clock) {
    Map<PropagationReason, Long> reasons = new EnumMap<>(PropagationReason.class);
    for (PropagationReason reason : PropagationReason.values()) {
      reasons.put(reason, notSent[reason.ordinal()]);
    }
    return new PropagationStats(
        updates,
        sends,
        bytes,
        averageMillis,
        peakNanos,
        new LatencyHistogram(latencies),
        reasons,
        gaps,
        withdrawn,
        forced,
        unknown,
        clock.backCount(),
        clock.aheadCount());
  }
}
