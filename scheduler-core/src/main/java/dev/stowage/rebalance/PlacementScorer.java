package dev.stowage.rebalance;

import dev.stowage.model.WorkerId;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Scores how well a chunk lies on a worker. Supplied by the host; see also {@link MetricScorers}.
 *
 * <p>A score is finite and in [0, 1], 1 the best; empty means no opinion. Any other result or an
 * exception counts as no opinion and a fault; ten failures in a row take the scorer out of service.
 * It is called by one thread at a time unless {@link #isThreadSafe}, never under a lock of the
 * library, and within the time limit of the {@link ScoringExecutor}.
 */
public interface PlacementScorer {
  /** Returns the sampled score of a chunk on a worker; empty for no opinion. */
  OptionalDouble score(ScoredChunk chunk, WorkerId worker);

  /** Returns the current score, asked before a move; by default the sampled one. */
  default OptionalDouble liveScore(ScoredChunk chunk, WorkerId worker) {
    return score(chunk, worker);
  }

  /**
   * Returns the best worker by the scorer's ranking; empty if none is worth naming.
   *
   * @param excluded workers that cannot take it: holders, full, draining, avoided, not eligible
   */
  Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded);

  /**
   * Returns a number that changes whenever scores on the worker may have changed; empty to score
   * its chunks in every pass.
   */
  default OptionalLong nodeFingerprint(WorkerId worker) {
    return OptionalLong.empty();
  }

  /** Returns the cost of moving the chunk to a worker; empty if negligible. */
  default Optional<MigrationCost> migrationCost(ScoredChunk chunk, WorkerId target) {
    return Optional.empty();
  }

  /** Reports whether several threads may call this scorer at once. */
  default boolean isThreadSafe() {
    return false;
  }

  /** A better worker for a chunk, with a score judged like any other. */
  public record Alternative(WorkerId worker, double score) {
    /** Throws for null. */
    public Alternative {
      Objects.requireNonNull(worker, "worker");
    }
  }

  /** Workers that a chunk cannot move to; valid during one call. */
  @FunctionalInterface
  public interface ExcludedWorkers {
    /** Reports whether the worker is excluded; unknown ones always are. */
    boolean contains(WorkerId worker);

    /** Returns an exclusion of exactly these workers. */
    static ExcludedWorkers of(Set<WorkerId> workers) {
      TreeSet<WorkerId> copy = new TreeSet<>(workers);
      return copy::contains;
    }
  }
}
