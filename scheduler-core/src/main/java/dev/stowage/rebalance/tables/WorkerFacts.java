package dev.stowage.rebalance.tables;

import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import java.util.Objects;

/** A worker's current state; the footprint is in bytes, at least 0, moves included. */
public record WorkerFacts(
    Worker worker, boolean placeable, long footprintBytes, Incarnation incarnation) {
  /** Throws {@code IllegalArgumentException} for a negative footprint. */
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
