package dev.stowage.rebalance;

import java.util.Objects;
import java.util.Optional;

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
