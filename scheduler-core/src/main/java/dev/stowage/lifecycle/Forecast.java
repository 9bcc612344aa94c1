package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan.Stuck.Hindrance;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * What a plan says of the replicas of one worker.
 *
 * @param isPlanned whether there is a plan at all
 * @param keeps whether it goes on to want the chunk at a position there
 * @param stuck what it cannot take off the worker, and why
 */
record Forecast(boolean isPlanned, IntPredicate keeps, Map<ChunkKey, Hindrance> stuck) {
  /** Where nobody knows of a plan. */
  static final Forecast NONE = new Forecast(false, chunk -> true, Map.of());

  /**
   * What a plan says.
   *
   * @param stuck on whatever workers
   */
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
