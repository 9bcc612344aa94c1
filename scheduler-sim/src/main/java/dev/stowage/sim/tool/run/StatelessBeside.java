package dev.stowage.sim.tool.run;

import dev.stowage.model.WorkerId;
import dev.stowage.placement.ChunkColumn;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInputBuilder;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.StatelessPlanner;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Places each converged fleet by the stateless planner alone, and counts the bytes that its
 * placement has where the one before it had none. It is the least that a fleet which follows that
 * planner downloads, since bytes on the way and steps between are left out. Not thread-safe.
 */
final class StatelessBeside {
  private static final int[] NOWHERE = {};

  private final PlacementPlanner planner = StatelessPlanner.create();
  private final Map<WorkerId, Integer> numbers = new HashMap<>();

  /** The numbers of the workers that have a chunk in the last placement, by the chunk's hash. */
  private Map<Long, int[]> before = Map.of();

  /**
   * Returns the bytes that the stateless planner moves from its last placement to that of {@code
   * problem}.
   *
   * @param emptied workers that lost their bytes since the last placement
   */
  long moved(PlacementInput problem, List<WorkerId> emptied) {
    PlacementInput afresh = withoutReplicas(problem);
    int[] number = new int[afresh.workerCount()];
    BitSet isEmptied = new BitSet();
    for (int worker = 0; worker < number.length; worker++) {
      WorkerId id = afresh.worker(worker).id();
      Integer next = numbers.size();
      Integer known = numbers.putIfAbsent(id, next);
      number[worker] = known == null ? next : known;
      isEmptied.set(number[worker], emptied.contains(id));
    }
    PlacementPlan plan = planner.plan(afresh);
    Map<Long, int[]> now = new HashMap<>();
    long bytes = 0;
    for (int chunk = 0; chunk < afresh.chunkCount(); chunk++) {
      int[] holders = plan.wantedWorkers(chunk);
      for (int i = 0; i < holders.length; i++) {
        holders[i] = number[holders[i]];
      }
      int[] held = before.getOrDefault(afresh.keyHash(chunk), NOWHERE);
      for (int holder : holders) {
        boolean isHeld = !isEmptied.get(holder) && has(held, holder);
        bytes += isHeld ? 0 : afresh.sizeBytes(chunk);
      }
      now.put(afresh.keyHash(chunk), holders);
    }
    before = now;
    return bytes;
  }

  private static boolean has(int[] holders, int holder) {
    for (int each : holders) {
      if (each == holder) {
        return true;
      }
    }
    return false;
  }

  private static PlacementInput withoutReplicas(PlacementInput problem) {
    PlacementInputBuilder afresh = PlacementInput.builder(problem.config());
    for (int worker = 0; worker < problem.workerCount(); worker++) {
      afresh.addWorker(problem.worker(worker));
    }
    for (int chunk = 0; chunk < problem.chunkCount(); chunk++) {
      int copy = afresh.addChunk(problem.keyHash(chunk), problem.sizeBytes(chunk));
      afresh
          .set(copy, ChunkColumn.WEIGHT, problem.weight(chunk))
          .set(copy, ChunkColumn.FLOOR, problem.floor(chunk))
          .set(copy, ChunkColumn.CAP, problem.cap(chunk))
          .set(copy, ChunkColumn.POOL, afresh.pool(problem.poolOf(chunk)));
    }
    return afresh.build();
  }
}
