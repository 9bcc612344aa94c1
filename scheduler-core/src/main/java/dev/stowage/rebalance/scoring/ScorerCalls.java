package dev.stowage.rebalance.scoring;

import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MigrationCost;
import dev.stowage.rebalance.PlacementScorer;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.ScoredChunk;
import dev.stowage.rebalance.tables.Micros;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls a scorer and contains what it does wrong: values outside of the range, missing answers,
 * exceptions. Counts for itself, so that calls that were given up leave no trace elsewhere.
 */
public final class ScorerCalls {
  /** What a score is that cannot be used. */
  static final int INVALID = -2;

  /** Failures in a row that take a scorer out of service. */
  static final int MOST_FAILURES = 10;

  final PlacementScorer scorer;
  int failuresInRow;
  long calls;
  long invalid;
  long failures;
  @Nullable String lastFailure;

  ScorerCalls(PlacementScorer scorer, int failuresInRow) {
    this.scorer = scorer;
    this.failuresInRow = failuresInRow;
  }

  /** Whether the scorer has failed so often that it is not asked again. */
  boolean isOver() {
    return failuresInRow >= MOST_FAILURES;
  }

  /** The sampled score in micro-points, {@link Micros#NONE} or {@link #INVALID}. */
  int score(ScoredChunk chunk, WorkerId worker) {
    calls++;
    try {
      return judged(scorer.score(chunk, worker));
    } catch (Throwable e) {
      return failed(e);
    }
  }

  /** The live score, likewise. */
  int liveScore(ScoredChunk chunk, WorkerId worker) {
    calls++;
    try {
      return judged(scorer.liveScore(chunk, worker));
    } catch (Throwable e) {
      return failed(e);
    }
  }

  OptionalLong fingerprint(WorkerId worker) {
    int before = failuresInRow;
    OptionalLong known = attempt(() -> scorer.nodeFingerprint(worker));
    // it is no opinion: that it can be had says nothing of scores
    failuresInRow = known == null ? failuresInRow : before;
    return known == null ? OptionalLong.empty() : known;
  }

  @Nullable Alternative alternative(ScoredChunk chunk, ExcludedWorkers excluded) {
    Optional<Alternative> best = attempt(() -> scorer.bestAlternative(chunk, excluded));
    return best == null ? null : best.orElse(null);
  }

  @Nullable MigrationCost cost(ScoredChunk chunk, WorkerId target) {
    Optional<MigrationCost> cost = attempt(() -> scorer.migrationCost(chunk, target));
    return cost == null ? null : cost.orElse(null);
  }

  /** The micro-points of a score that the scorer gave by another way. */
  int judged(double score) {
    if (Micros.isScore(score)) {
      return Micros.of(score);
    }
    invalid++;
    lastFailure = "score " + score + " is not in 0 to 1";
    return INVALID;
  }

  private int judged(OptionalDouble score) {
    int micros = score.isEmpty() ? Micros.NONE : judged(score.getAsDouble());
    failuresInRow = 0;
    return micros;
  }

  private <T> @Nullable T attempt(Supplier<@Nullable T> call) {
    calls++;
    try {
      T answer = call.get();
      if (answer == null) {
        failed(new NullPointerException("the scorer answered null"));
      } else {
        failuresInRow = 0;
      }
      return answer;
    } catch (Throwable e) {
      failed(e);
      return null;
    }
  }

  /** Whatever it is, also what it never declared, is contained; a machine that fails is not. */
  private int failed(Throwable why) {
    if (why instanceof VirtualMachineError fatal && !(why instanceof StackOverflowError)) {
      throw fatal;
    }
    failures++;
    failuresInRow++;
    lastFailure = why.toString();
    return Micros.NONE;
  }
}
