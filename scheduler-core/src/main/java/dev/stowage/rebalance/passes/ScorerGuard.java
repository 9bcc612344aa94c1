package dev.stowage.rebalance.passes;

import dev.stowage.columns.Micros;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.PassLimit;
import dev.stowage.rebalance.PlacementScorer;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.PlacementScorer.MigrationCost;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import dev.stowage.rebalance.RebalancePass.RebalanceStats.ScorerStats;
import dev.stowage.rebalance.ScorerRegistry;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls the scorer in service, contains and counts its faults, and ends its service after ten
 * failures in a row (rebalance design, section 2).
 */
final class ScorerGuard {
  /** An unusable score. */
  static final int INVALID = -2;

  private static final int MOST_FAILURES = 10;

  private final ScorerRegistry registry;
  private final PassLimit limit;
  private @Nullable PlacementScorer known;
  private @Nullable PlacementScorer serving;
  private BooleanSupplier hasTime = () -> true;
  private int failuresInRow;
  private long invalid;
  private long failures;
  private @Nullable String lastFailure;

  ScorerGuard(ScorerRegistry registry, PassLimit limit) {
    this.registry = registry;
    this.limit = limit;
  }

  /** Starts a pass; reports whether the scorer was replaced since the last one. */
  @SuppressWarnings("ReferenceEquality")
  boolean begin() {
    hasTime = limit.begin();
    serving = registry.current().orElse(null);
    boolean isAnother = serving != known;
    if (isAnother) {
      known = serving;
      failuresInRow = 0;
    }
    return isAnother;
  }

  boolean isServing() {
    return serving != null;
  }

  /** Reports whether the pass has a scorer, and time to call it. */
  boolean goesOn() {
    return isServing() && hasTime.getAsBoolean();
  }

  /** Returns the sampled score in micro-points, {@link Micros#NONE} or {@link #INVALID}. */
  int score(ScoredChunk chunk, WorkerId worker) {
    return judged(ask(scorer -> scorer.score(chunk, worker)));
  }

  /** Returns the live score in micro-points, {@link Micros#NONE} or {@link #INVALID}. */
  int liveScore(ScoredChunk chunk, WorkerId worker) {
    return judged(ask(scorer -> scorer.liveScore(chunk, worker)));
  }

  OptionalLong fingerprint(WorkerId worker) {
    int before = failuresInRow;
    OptionalLong known = ask(scorer -> scorer.nodeFingerprint(worker));
    // A fingerprint says nothing of scores, so it does not end a row of failures.
    failuresInRow = known == null ? failuresInRow : before;
    return known == null ? OptionalLong.empty() : known;
  }

  @Nullable Alternative alternative(ScoredChunk chunk, ExcludedWorkers excluded) {
    Optional<Alternative> best = ask(scorer -> scorer.bestAlternative(chunk, excluded));
    return best == null ? null : best.orElse(null);
  }

  @Nullable MigrationCost cost(ScoredChunk chunk, WorkerId target) {
    Optional<MigrationCost> cost = ask(scorer -> scorer.migrationCost(chunk, target));
    return cost == null ? null : cost.orElse(null);
  }

  String reason(WorkerId worker) {
    String words = ask(scorer -> scorer.reason(worker));
    return words == null ? "" : words;
  }

  /** Returns a score in micro-points, or {@link #INVALID}, which is counted. */
  int judged(double score) {
    if (Micros.isScore(score)) {
      return Micros.of(score);
    }
    invalid++;
    lastFailure = "score " + score + " is not in 0 to 1";
    return INVALID;
  }

  ScorerStats stats() {
    return new ScorerStats(invalid, failures, Optional.ofNullable(lastFailure));
  }

  private int judged(@Nullable OptionalDouble score) {
    return score == null || score.isEmpty() ? Micros.NONE : judged(score.getAsDouble());
  }

  private <T> @Nullable T ask(Function<PlacementScorer, @Nullable T> call) {
    PlacementScorer scorer = serving;
    if (scorer == null) {
      return null;
    }
    try {
      T answer = call.apply(scorer);
      if (answer != null) {
        failuresInRow = 0;
        return answer;
      }
      failed(scorer, new NullPointerException("the scorer answered null"));
    } catch (Throwable e) {
      failed(scorer, e);
    }
    return null;
  }

  /** Contains any throwable except failures of the virtual machine. */
  private void failed(PlacementScorer scorer, Throwable why) {
    if (why instanceof VirtualMachineError fatal && !(why instanceof StackOverflowError)) {
      throw fatal;
    }
    failures++;
    lastFailure = why.toString();
    if (++failuresInRow >= MOST_FAILURES) {
      registry.retire(scorer);
      serving = null;
    }
  }
}
