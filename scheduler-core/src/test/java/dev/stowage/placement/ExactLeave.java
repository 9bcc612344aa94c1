package dev.stowage.placement;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlan.Stuck;
import dev.stowage.placement.PlacementPlan.Stuck.Hindrance;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

  /** For each chunk, who holds it: what is pinned or stuck elsewhere stays. */
  private final List<Set<Integer>> chosen = new ArrayList<>();

  private ExactLeave(World world, PlacementPlan plan, Stuck leaver) {
    this.world = world;
    counts = new int[world.chunks.size()];
    room = world.workers.stream().mapToLong(Worker::capacityBytes).toArray();
    spare = world.workers.stream().mapToInt(Worker::maxReplicas).toArray();
    for (int chunk = 0; chunk < counts.length; chunk++) {
      Set<Integer> elsewhere = new HashSet<>();
      for (int worker = 0; worker < room.length; worker++) {
        boolean leaves = chunk == leaver.chunk() && worker == leaver.worker();
        if (plan.wants(chunk, worker)) {
          boolean isPlaced =
              leaves || (isHome(world, chunk, worker) && !isPinned(world, chunk, worker));
          counts[chunk] += isPlaced ? 1 : 0;
          if (!isPlaced) {
            elsewhere.add(worker);
          }
          // Until it is elsewhere the leaver takes up the room that it has.
          if (!isPlaced || (leaves && !isHome(world, chunk, worker))) {
            room[worker] -= world.chunks.get(chunk).size;
            spare[worker]--;
          }
        }
      }
      chosen.add(elsewhere);
    }
  }

  static boolean isPossible(World world, PlacementPlan plan, Stuck leaver) {
    return new ExactLeave(world, plan, leaver).place(0, 0, 0);
  }

  /** Whether a worker takes replicas of a chunk. */
  static boolean isHome(World world, int chunk, int worker) {
    boolean banned =
        world.bans.stream().anyMatch(ban -> ban[0] == chunk && ban[1] == worker)
            || world.avoided.contains(worker);
    return !banned
        && world.workers.get(worker).status() == WorkerStatus.ACTIVE
        && world.chunks.get(chunk).eligibility.admits(world.workers.get(worker));
  }

  private static boolean isPinned(World world, int chunk, int worker) {
    return world.pins.stream().anyMatch(pin -> pin[0] == chunk && pin[1] == worker);
  }

  /** The first of the reasons that holds, by who may take it alone; room is not looked at. */
  static Hindrance reason(World world, PlacementPlan plan, Stuck stuck) {
    if (world.frozen) {
      return Hindrance.FROZEN;
    }
    if (isPinned(world, stuck.chunk(), stuck.worker())) {
      return Hindrance.PINNED;
    }
    List<Integer> takers = takers(world, plan, stuck.chunk());
    if (takers.isEmpty()) {
      return Hindrance.TOO_FEW_WORKERS;
    }
    boolean isOpen =
        takers.stream()
            .anyMatch(taker -> isOpen(world, plan, stuck.chunk(), stuck.worker(), taker));
    return isOpen ? Hindrance.NO_ROOM : Hindrance.DOMAIN_LIMIT;
  }

  private static List<Integer> takers(World world, PlacementPlan plan, int chunk) {
    List<Integer> takers = new ArrayList<>();
    for (int worker = 0; worker < world.workers.size(); worker++) {
      boolean has = world.chunks.get(chunk).held.containsKey(worker) || plan.wants(chunk, worker);
      if (!has && isHome(world, chunk, worker)) {
        takers.add(worker);
      }
    }
    return takers;
  }

  /**
   * Whether it could leave at once, or once a single other replica has moved to free room. For
   * sizes that differ nobody promises more: to find every packing of them takes too long.
   */
  static boolean isPossibleInTwo(World world, PlacementPlan plan, Stuck leaver) {
    ExactLeave now = new ExactLeave(world, plan, leaver);
    now.occupy(plan);
    for (int to : takers(world, plan, leaver.chunk())) {
      boolean isOpen = isOpen(world, plan, leaver.chunk(), leaver.worker(), to);
      if (isOpen && (now.fits(leaver.chunk(), to) || now.makesRoom(plan, leaver.chunk(), to))) {
        return true;
      }
    }
    return false;
  }

  /** What is wanted on a worker takes up its room. */
  private void occupy(PlacementPlan plan) {
    for (int chunk = 0; chunk < counts.length; chunk++) {
      for (int worker = 0; worker < room.length; worker++) {
        boolean isKnown = chosen.get(chunk).contains(worker);
        if (!isKnown && plan.wants(chunk, worker) && isHome(world, chunk, worker)) {
          room[worker] -= world.chunks.get(chunk).size;
          spare[worker]--;
        }
      }
    }
  }

  private boolean fits(int chunk, int worker) {
    return room[worker] >= world.chunks.get(chunk).size && spare[worker] > 0;
  }

  /** Whether one replica that may go elsewhere makes room on a worker. */
  private boolean makesRoom(PlacementPlan plan, int chunk, int worker) {
    for (int other = 0; other < counts.length; other++) {
      long freed = room[worker] + world.chunks.get(other).size;
      boolean isEnough = freed >= world.chunks.get(chunk).size && spare[worker] >= 0;
      if (isEnough && plan.wants(other, worker) && !isPinned(world, other, worker)) {
        for (int aside : takers(world, plan, other)) {
          if (fits(other, aside) && isOpen(world, plan, other, worker, aside)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean isOpen(World world, PlacementPlan plan, int chunk, int from, int to) {
    Set<Integer> with = new HashSet<>();
    for (int worker = 0; worker < world.workers.size(); worker++) {
      if (plan.wants(chunk, worker) && worker != from) {
        with.add(worker);
      }
    }
    with.add(to);
    return DomainWorld.isAllowed(world, to, with);
  }

  private boolean place(int chunk, int first, int placed) {
    if (chunk == counts.length) {
      return true;
    }
    if (placed == counts[chunk]) {
      return place(chunk + 1, 0, 0);
    }
    long size = world.chunks.get(chunk).size;
    for (int worker = first; worker < room.length; worker++) {
      boolean isFree = isHome(world, chunk, worker) && !chosen.get(chunk).contains(worker);
      if (isFree && room[worker] >= size && spare[worker] > 0) {
        chosen.get(chunk).add(worker);
        room[worker] -= size;
        spare[worker]--;
        boolean found =
            DomainWorld.isAllowed(world, worker, chosen.get(chunk))
                && place(chunk, worker + 1, placed + 1);
        room[worker] += size;
        spare[worker]++;
        chosen.get(chunk).remove(worker);
        if (found) {
          return true;
        }
      }
    }
    return false;
  }
}
