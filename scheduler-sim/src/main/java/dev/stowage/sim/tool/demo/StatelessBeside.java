package dev.stowage.sim.tool.demo;

import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInputBuilder;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.StatelessPlanner;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Places each converged fleet by the stateless planner alone, and counts the bytes that its
 * placement has where the one before it had none. It is the least that a fleet which follows that
 * planner downloads, since bytes on the way and steps between are left out. Not thread-safe.
 */
final class StatelessBeside {
  private final PlacementPlanner planner = StatelessPlanner.create();
  private Map<Long, Set<WorkerId>> before = Map.of();

  /**
   * Returns the bytes that the stateless planner moves from its last placement to that of {@code
   * problem}.
   *
   * @param emptied workers that lost their bytes since the last placement
   */
  long moved(PlacementInput problem, List<WorkerId> emptied) {
    PlacementInput afresh = withoutReplicas(problem);
    PlacementPlan plan = planner.plan(afresh);
    Map<Long, Set<WorkerId>> now = new HashMap<>();
    long bytes = 0;
    for (int chunk = 0; chunk < afresh.chunkCount(); chunk++) {
      Set<WorkerId> holders = new HashSet<>();
      Set<WorkerId> held = before.getOrDefault(afresh.keyHash(chunk), Set.of());
      for (int worker : plan.wantedWorkers(chunk)) {
        WorkerId id = afresh.worker(worker).id();
        holders.add(id);
        bytes += held.contains(id) && !emptied.contains(id) ? 0 : afresh.sizeBytes(chunk);
      }
      now.put(afresh.keyHash(chunk), holders);
    }
    before = now;
    return bytes;
  }

  private static PlacementInput withoutReplicas(PlacementInput problem) {
    PlacementInputBuilder afresh = PlacementInput.builder(problem.config());
    for (int worker = 0; worker < problem.workerCount(); worker++) {
      afresh.addWorker(problem.worker(worker));
    }
    for (int chunk = 0; chunk < problem.chunkCount(); chunk++) {
      int copy = afresh.addChunk(problem.keyHash(chunk), problem.sizeBytes(chunk));
      afresh
          .weight(copy, problem.weight(chunk))
          .floor(copy, problem.floor(chunk))
          .cap(copy, problem.cap(chunk))
          .eligibility(copy, afresh.eligibility(problem.eligibilityOf(chunk)));
    }
    return afresh.build();
  }
}
