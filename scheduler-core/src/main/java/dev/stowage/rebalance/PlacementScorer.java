package dev.stowage.rebalance;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Scores how well a chunk lies on a worker: finite, in [0, 1], 1 the best; empty means no opinion.
 * Other results and exceptions count as no opinion and a failure; ten failures in a row end the
 * service. Called by one thread at a time for a fleet, never under a lock of the library, within
 * the {@link PassLimit}.
 */
public interface PlacementScorer {
  /** Returns the sampled score of a chunk on a worker; empty for no opinion. */
  OptionalDouble score(ScoredChunk chunk, WorkerId worker);

  /** Returns the current score, asked before a move; by default the sampled one. */
  default OptionalDouble liveScore(ScoredChunk chunk, WorkerId worker) {
    return score(chunk, worker);
  }

  /** Returns the best worker that is not excluded; empty if none is worth naming. */
  Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded);

  /** Returns a number that changes with scores on the worker; empty scores it in every pass. */
  default OptionalLong nodeFingerprint(WorkerId worker) {
    return OptionalLong.empty();
  }

  /** Returns the cost of moving the chunk to a worker; empty if negligible. */
  default Optional<MigrationCost> migrationCost(ScoredChunk chunk, WorkerId target) {
    return Optional.empty();
  }

  /** Returns what makes the worker worth leaving, such as {@code its disk was at 93 %}, or "". */
  default String reason(WorkerId worker) {
    return "";
  }

  /** A better worker for a chunk, with a score judged like any other. */
  public record Alternative(WorkerId worker, double score) {
    /** Throws {@code NullPointerException} for null. */
    public Alternative {
      Objects.requireNonNull(worker, "worker");
    }
  }

  /** Workers that a chunk cannot move to; valid during one call. */
  @FunctionalInterface
  public interface ExcludedWorkers {
    /** Reports whether the worker is excluded; unknown ones always are. */
    boolean contains(WorkerId worker);
  }

  /** A chunk for a scorer; its size is in bytes, at least 0. */
  public record ScoredChunk(ChunkKey key, long sizeBytes) {
    /** Throws {@code IllegalArgumentException} for a negative size. */
    public ScoredChunk {
      Objects.requireNonNull(key, "key");
      if (sizeBytes < 0) {
        throw new IllegalArgumentException("size is " + sizeBytes + "; at least 0 is accepted");
      }
    }
  }

  /**
   * The cost of moving a chunk.
   *
   * @param stateTransfer the time of the copy, at least zero
   * @param disruption the time that readers notice, at least zero
   * @param bandwidthBytes bytes on the wire, at least 0
   * @param reliabilityFactor multiplies the time; not finite or not above 0 counts as 1 (neutral)
   */
  public record MigrationCost(
      Duration stateTransfer, Duration disruption, long bandwidthBytes, double reliabilityFactor) {
    /** Throws {@code IllegalArgumentException} for negative durations or bytes. */
    public MigrationCost {
      Objects.requireNonNull(stateTransfer, "stateTransfer");
      Objects.requireNonNull(disruption, "disruption");
      if (stateTransfer.isNegative() || disruption.isNegative() || bandwidthBytes < 0) {
        throw new IllegalArgumentException(
            "cost is "
                + stateTransfer
                + ", "
                + disruption
                + ", "
                + bandwidthBytes
                + " bytes; at least 0 of each is accepted");
      }
    }

    /** Returns a cost in time alone, neutral in reliability. */
    public static MigrationCost of(Duration stateTransfer, Duration disruption) {
      return new MigrationCost(stateTransfer, disruption, 0, 1);
    }
  }
}
