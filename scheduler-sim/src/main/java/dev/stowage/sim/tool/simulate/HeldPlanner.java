package dev.stowage.sim.tool.simulate;

import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.sim.tool.plan.FleetFolder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A planner whose first plans place chunks where a folder says that they are held. Plans from
 * scratch. Not thread-safe.
 */
final class HeldPlanner implements PlacementPlanner {
  private static final int[] NOWHERE = {};

  private final PlacementPlanner planner;
  private final Map<Long, List<WorkerId>> holders = new HashMap<>();
  private boolean isOver;

  HeldPlanner(PlacementPlanner planner, FleetFolder folder) {
    this.planner = planner;
    folder.forEachAssigned((chunk, worker) ->
        holders.computeIfAbsent(KeyHash.of(chunk), any -> new ArrayList<>()).add(worker));
  }

  /** Plans as the other planner does, from now on. */
  void ends() {
    isOver = true;
    holders.clear();
  }

  @Override
  public PlacementPlan plan(PlacementInput input) {
    if (isOver) {
      return planner.plan(input);
    }
    Map<WorkerId, Integer> positions = new HashMap<>();
    for (int worker = 0; worker < input.workerCount(); worker++) {
      positions.put(input.worker(worker).id(), worker);
    }
    return planner.plan(
        input.pinning(chunk -> {
          List<WorkerId> held = holders.get(input.keyHash(chunk));
          return held == null
              ? NOWHERE
              : held.stream().filter(positions::containsKey).mapToInt(positions::get).toArray();
        }));
  }
}
