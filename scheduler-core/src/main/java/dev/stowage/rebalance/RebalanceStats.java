package dev.stowage.rebalance;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a rebalancer has done. Immutable.
 *
 * @param passes passes
 * @param backwardTicks passes with a tick before the largest seen
 * @param ledChunks chunks that it decides about now
 * @param verdicts how often each verdict was given, summed over chunks and passes
 * @param scorers what became of the calls of scorers
 */
public record RebalanceStats(
    long passes,
    long backwardTicks,
    int ledChunks,
    Map<Verdict, Long> verdicts,
    ScorerStats scorers) {
  /** Copies the map. */
  public RebalanceStats {
    EnumMap<Verdict, Long> copy = new EnumMap<>(Verdict.class);
    copy.putAll(verdicts);
    verdicts = Collections.unmodifiableMap(copy);
    Objects.requireNonNull(scorers, "scorers");
  }
}
