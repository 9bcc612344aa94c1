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

/** Calls a scorer, contains its faults, and counts them for itself until merged. */
public final class ScorerCalls {
  /** An unusable score. */
  static final int INVALID = -2;

  /** The number of failures in a row that takes a scorer out of service. */
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

  boolean isOver() {
    return failuresInRow >= MOST_FAILURES;
  }

  /** Returns the sampled score in micro-points, {@link Micros#NONE} or {@link #INVALID}. */
  int score(ScoredChunk chunk, WorkerId worker) {
    calls++;
    try {
      return judged(scorer.score(chunk, worker));
    } catch (Throwable e) {
      return failed(e);
    }
  }

  /** Returns the live score in micro-points, {@link Micros#NONE} or {@link #INVALID}. */
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
    // A fingerprint says nothing of scores, so it does not end a row of failures.
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

  String reason(WorkerId worker) {
    String words = attempt(() -> scorer.reason(worker));
    return words == null ? "" : words;
  }

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

  /** Contains any throwable except failures of the virtual machine. */
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
