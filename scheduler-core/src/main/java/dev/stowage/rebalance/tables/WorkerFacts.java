package dev.stowage.rebalance.tables;

import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import java.util.Objects;

/**
 * A worker as it is now.
 *
 * @param worker its description, with the status that rules
 * @param placeable whether it takes new replicas
 * @param footprintBytes bytes of all replicas on it, those on their way in and out included
 * @param incarnation the life of its disk
 */
public record WorkerFacts(
    Worker worker, boolean placeable, long footprintBytes, Incarnation incarnation) {
  /** Refuses nulls and a negative footprint. */
  public WorkerFacts {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(incarnation, "incarnation");
    if (footprintBytes < 0) {
      throw new IllegalArgumentException(
          "footprint is " + footprintBytes + "; at least 0 is accepted");
    }
  }

  /** An empty worker in its first life that takes replicas. */
  public static WorkerFacts of(Worker worker) {
    return new WorkerFacts(worker, worker.status().isPlaceable(), 0, Incarnation.of(1));
  }
}
