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
 */
record Forecast(Optional<Tick> tick, Set<WorkerId> leaving, List<Result.Stuck> stuck) {
  static final Forecast NONE = new Forecast(Optional.empty(), Set.of(), List.of());

  /** Reports whether the plan was made while the worker was to leave, or to stay, as it is now. */
  boolean isOf(WorkerId worker, WorkerStatus now) {
    return tick.isPresent() && leaving.contains(worker) == (now == WorkerStatus.LEAVING);
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
