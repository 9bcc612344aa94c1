package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan.Stuck.Hindrance;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/** The prediction of a plan for the replicas of one worker. */
record Forecast(boolean isPlanned, IntPredicate keeps, Map<ChunkKey, Hindrance> stuck) {
  static final Forecast NONE = new Forecast(false, chunk -> true, Map.of());

  static Forecast of(WorkerId worker, IntPredicate keeps, List<Result.Stuck> stuck) {
    Map<ChunkKey, Hindrance> reasons = new TreeMap<>();
    for (Result.Stuck each : stuck) {
      if (each.worker().equals(worker)) {
        reasons.put(each.chunk(), each.reason());
      }
    }
    return new Forecast(true, keeps, reasons);
  }
}
