package dev.stowage.rebalance;

import dev.stowage.rebalance.MoveExplanation.Verdict;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

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

  /**
   * What became of the calls of scorers since the rebalancer began.
   *
   * @param calls calls that were made
   * @param invalid scores that were not finite or not in [0, 1]; each counted as no opinion
   * @param failures calls that threw or answered null; each counted as no opinion
   * @param timeouts pieces of work that the host's executor gave up, and passes in which one was
   *     still running
   * @param retired scorers taken out of service after ten failures in a row
   * @param lastFailure the newest of all these, in words
   */
  public record ScorerStats(
      long calls,
      long invalid,
      long failures,
      long timeouts,
      long retired,
      Optional<String> lastFailure) {
    /** Refuses null. */
    public ScorerStats {
      Objects.requireNonNull(lastFailure, "lastFailure");
    }
  }
}
