package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlan.Stuck.Hindrance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Holds what the last plan says of replicas that are to leave their workers.
 *
 * @param leaving the workers that it was to empty
 * @param budget the budget that it was made with; empty if unknown
 */
record Forecast(
    Optional<Tick> tick,
    Set<WorkerId> leaving,
    List<Result.Stuck> stuck,
    Optional<BudgetInForce> budget) {
  static final Forecast NONE =
      new Forecast(Optional.empty(), Set.of(), List.of(), Optional.empty());

  /** Reports whether the plan was made while the worker was to leave, or to stay, as it is now. */
  boolean isOf(WorkerId worker, WorkerStatus now) {
    return tick.isPresent() && leaving.contains(worker) == (now == WorkerStatus.LEAVING);
  }

  /** Reports whether a movement budget held back the plan. */
  boolean isHeldByBudget() {
    return budget.map(it -> it.bytes() < Long.MAX_VALUE || it.heldBytes() > 0).orElse(true);
  }

  /** Returns why the replicas that are stuck on a worker are. */
  Map<ChunkKey, Hindrance> reasons(WorkerId worker) {
    Map<ChunkKey, Hindrance> reasons = new TreeMap<>();
    for (Result.Stuck each : stuck) {
      if (each.worker().equals(worker)) {
        reasons.put(each.chunk(), each.reason());
      }
    }
    return reasons;
  }
}
