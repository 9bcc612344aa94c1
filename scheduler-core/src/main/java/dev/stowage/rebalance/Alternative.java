package dev.stowage.rebalance;

import dev.stowage.model.WorkerId;
import java.util.Objects;

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
