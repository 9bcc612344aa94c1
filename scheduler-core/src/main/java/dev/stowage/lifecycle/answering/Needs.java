package dev.stowage.lifecycle.answering;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.List;

/** The part of a fleet that an {@link Inquiry} reads. A store may load more. */
public sealed interface Needs {
  /** Chunks, all their replicas, and the workers that hold these. */
  record Chunks(List<ChunkKey> keys) implements Needs {}

  /**
   * Workers, and the {@link Chunks} of which they hold replicas or for which routes name them:
   * {@link Reading#forSome}.
   */
  record Holdings(List<WorkerId> workers) implements Needs {}

  /** The {@link Reading#head} of a dataset alone, without its chunks. */
  record Coverage(DatasetId dataset) implements Needs {}

  /** The fleet's row: settings, counters and kept values. */
  record Fleet() implements Needs {}

  /** All workers and their {@link Reading#held} replicas, without these and their chunks. */
  record Workers() implements Needs {}

  /** {@link Reading#state} in full. */
  record Everything() implements Needs {}
}
