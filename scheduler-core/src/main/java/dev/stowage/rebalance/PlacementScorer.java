package dev.stowage.rebalance;

import dev.stowage.model.WorkerId;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says how well a chunk lies on a worker. Supplied by the host; {@link MetricScorers} has ready
 * ones.
 *
 * <p>A score is finite and in [0, 1], 1 the best; empty means no opinion. Anything else, an
 * exception included, counts as no opinion and is reported; ten failures in a row take the scorer
 * out of service. A scorer is called from one thread at a time unless {@link #isThreadSafe} says
 * that more are welcome, never while a lock of the library is held, and under the time limit of the
 * host's {@link ScoringExecutor}.
 */
public interface PlacementScorer {
  /** The score of a chunk on a worker, for sampling; empty for no opinion. */
  OptionalDouble score(ScoredChunk chunk, WorkerId worker);

  /** The score at this very moment, asked before a move; the sampled kind unless overridden. */
  default OptionalDouble liveScore(ScoredChunk chunk, WorkerId worker) {
    return score(chunk, worker);
  }

  /**
   * The best worker for the chunk among those that are not excluded, by a ranking of the scorer's
   * own.
   *
   * @param chunk the chunk
   * @param excluded workers that cannot take it: holders, full, draining, avoided, not eligible
   * @return empty if none is worth naming
   */
  Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded);

  /**
   * A number that changes whenever scores on the worker may have changed, so that nothing is scored
   * again in between; empty if there is none: then its chunks are scored in every pass.
   */
  default OptionalLong nodeFingerprint(WorkerId worker) {
    return OptionalLong.empty();
  }

  /** What moving the chunk to a worker would cost; empty if it costs nothing worth counting. */
  default Optional<MigrationCost> migrationCost(ScoredChunk chunk, WorkerId target) {
    return Optional.empty();
  }

  /** Whether several threads may call this scorer at once. */
  default boolean isThreadSafe() {
    return false;
  }

  /**
   * Where a chunk would lie better.
   *
   * @param worker the worker
   * @param score its score for the chunk; judged like any other score when it is used
   */
  public record Alternative(WorkerId worker, double score) {
    /** Refuses null. */
    public Alternative {
      Objects.requireNonNull(worker, "worker");
    }
  }

  /** Workers that a chunk cannot be moved to. Good for the length of one call. */
  @FunctionalInterface
  public interface ExcludedWorkers {
    /** Whether the worker is excluded; unknown ones always are. */
    boolean contains(WorkerId worker);

    /** Excludes exactly these. */
    static ExcludedWorkers of(Set<WorkerId> workers) {
      TreeSet<WorkerId> copy = new TreeSet<>(workers);
      return copy::contains;
    }
  }
}
