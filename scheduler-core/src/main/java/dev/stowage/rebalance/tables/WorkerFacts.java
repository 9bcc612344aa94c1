package dev.stowage.rebalance.tables;

import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import java.util.Objects;

/**
 * The current state of a worker.
 *
 * @param worker its description, with the effective status
 * @param footprintBytes bytes of all its replicas, in and out included; at least 0
 * @param incarnation the life of its disk
 */
public record WorkerFacts(
    Worker worker, boolean placeable, long footprintBytes, Incarnation incarnation) {
  /** Throws for nulls and a negative footprint. */
  public WorkerFacts {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(incarnation, "incarnation");
    if (footprintBytes < 0) {
      throw new IllegalArgumentException(
          "footprint is " + footprintBytes + "; at least 0 is accepted");
    }
  }

  public static WorkerFacts of(Worker worker) {
    return new WorkerFacts(worker, worker.status().isPlaceable(), 0, Incarnation.of(1));
  }
}
