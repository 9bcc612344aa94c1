package dev.stowage.placement;

import dev.stowage.model.WorkerStatus;

/**
 * Whether a replica that a plan calls stuck could leave its worker after all: exact, by trying
 * every choice of workers for one chunk after the other. Each chunk keeps as many replicas on
 * active workers as the plan leaves it there, and one more for the replica that leaves. For few
 * chunks on few workers. Shares no code with the planner.
 */
final class ExactLeave {
  private final World world;
  private final int[] counts;
  private final long[] room;
  private final int[] spare;

  private ExactLeave(World world, PlacementPlan plan, int leaver) {
    this.world = world;
    counts = new int[world.chunks.size()];
    room = world.workers.stream().mapToLong(worker -> worker.capacityBytes()).toArray();
    spare = world.workers.stream().mapToInt(worker -> worker.maxReplicas()).toArray();
    for (int chunk = 0; chunk < counts.length; chunk++) {
      for (int worker = 0; worker < room.length; worker++) {
        counts[chunk] += plan.wants(chunk, worker) && isHome(world, chunk, worker) ? 1 : 0;
      }
      counts[chunk] += chunk == leaver ? 1 : 0;
    }
  }

  static boolean isPossible(World world, PlacementPlan plan, int chunk) {
    return new ExactLeave(world, plan, chunk).place(0, 0, 0);
  }

  static boolean isHome(World world, int chunk, int worker) {
    return world.workers.get(worker).status() == WorkerStatus.ACTIVE
        && world.chunks.get(chunk).eligibility.admits(world.workers.get(worker));
  }

  private boolean place(int chunk, int first, int chosen) {
    if (chunk == counts.length) {
      return true;
    }
    if (chosen == counts[chunk]) {
      return place(chunk + 1, 0, 0);
    }
    long size = world.chunks.get(chunk).size;
    for (int worker = first; worker < room.length; worker++) {
      if (isHome(world, chunk, worker) && room[worker] >= size && spare[worker] > 0) {
        room[worker] -= size;
        spare[worker]--;
        boolean found = place(chunk, worker + 1, chosen + 1);
        room[worker] += size;
        spare[worker]++;
        if (found) {
          return true;
        }
      }
    }
    return false;
  }
}
