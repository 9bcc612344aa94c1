package dev.stowage.rebalance;

import dev.stowage.rebalance.MoveExplanation.Verdict;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The counts of a rebalancer, since its first pass. Immutable.
 *
 * @param backwardTicks passes with a tick below the largest seen
 * @param ledChunks chunks decided about now
 * @param verdicts verdicts given, summed over chunks and passes
 * @param scorers the calls of scorers
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

  /**
   * The calls of scorers since the rebalancer began. Faults count as no opinion.
   *
   * @param calls calls made
   * @param invalid scores not finite or not in [0, 1]
   * @param failures calls that threw or returned null
   * @param retired scorers taken out of service after ten failures in a row
   * @param lastFailure the newest fault, in words
   */
  public record ScorerStats(
      long calls, long invalid, long failures, long retired, Optional<String> lastFailure) {
    /** Throws {@code NullPointerException} for null. */
    public ScorerStats {
      Objects.requireNonNull(lastFailure, "lastFailure");
    }
  }
}
