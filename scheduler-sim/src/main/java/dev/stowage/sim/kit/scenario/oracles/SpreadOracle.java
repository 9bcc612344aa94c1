package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.command.Result;
import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An oracle of spread in a settled fleet: no single replica of a chunk could move to a worker with
 * room so that the outermost level on which its domain differs has more domains of the chunk,
 * counted up to the floor (placement design, section 3). Workers whose room a starved chunk could
 * use are kept for that chunk, as section 3 says, and a move waits while bytes in flight or failed
 * transfers leave it no budget. It applies to fleets without wishes where every present worker
 * takes replicas. It only detects. Not thread-safe.
 */
public final class SpreadOracle {
  private final LifecycleView fleet;
  private final List<Integer> homes = new ArrayList<>();
  private final long[] room;
  private final long[] spare;
  private final int levels;

  /** The chunks that lack replicas; no move goes to a worker whose room they could use. */
  private final List<Integer> starved;

  /** The bytes that the last plan could move, if what is in flight or failed held some back. */
  private final long budget;

  private SpreadOracle(LifecycleView fleet, Optional<Result.Scheduled> last) {
    this.fleet = fleet;
    starved = starved(fleet, last);
    budget =
        last.map(Result.Scheduled::budget)
            .filter(it -> it.heldInFlight() > 0 || it.heldByFailures() > 0)
            .map(BudgetInForce::bytes)
            .orElse(Long.MAX_VALUE);
    room = new long[fleet.workerCount()];
    spare = new long[room.length];
    int[] deepest = {1};
    fleet.forEachWorker(worker -> {
      if (fleet.workerRow(worker).status() == WorkerStatus.ACTIVE) {
        homes.add(worker);
        deepest[0] = Math.max(deepest[0], fleet.worker(worker).levels());
        room[worker] = fleet.worker(worker).capacityBytes();
        spare[worker] = fleet.worker(worker).maxReplicas();
        fleet.forEachChunk(chunk -> {
          if (fleet.findReplica(chunk, worker) != LifecycleView.NONE) {
            room[worker] -= fleet.chunkSizeBytes(chunk);
            spare[worker]--;
          }
        });
      }
    });
    levels = deepest[0];
  }

  /** Reports whether spread can be judged: zones count, and no wish of an operator decides. */
  public static boolean canJudge(LifecycleView fleet) {
    boolean[] isPlain = {
      fleet.wishes().isEmpty()
          && !fleet.isFrozen()
          && fleet.pressureAt(fleet.largestTick().value()) == PressureBand.NORMAL
          && fleet.config().placement().spread() == Spread.ZONE
    };
    boolean[] isZoned = {false};
    fleet.forEachWorker(worker -> {
      WorkerStatus status = fleet.workerRow(worker).status();
      isZoned[0] |= status == WorkerStatus.ACTIVE && fleet.worker(worker).levels() > 0;
      isPlain[0] &=
          status == WorkerStatus.DEPARTED
              || (status == WorkerStatus.ACTIVE && fleet.isPlaceable(worker));
    });
    return isPlain[0] && isZoned[0];
  }

  private static List<Integer> starved(LifecycleView fleet, Optional<Result.Scheduled> last) {
    return last.stream()
        .flatMap(cycle -> Stream.concat(cycle.deferred().stream(), cycle.shortfalls().stream()))
        .map(shortage -> fleet.chunkPosition(shortage.chunk()))
        .filter(chunk -> chunk >= 0)
        .toList();
  }

  /**
   * Returns a move that would spread some chunk better.
   *
   * @param last the cycle that left the fleet in this state and names the starved chunks; empty if
   *     there are none
   */
  public static Optional<Finding> badlySpread(
      LifecycleView settled, Optional<Result.Scheduled> last) {
    SpreadOracle oracle = new SpreadOracle(settled, last);
    List<Finding> found = new ArrayList<>();
    settled.forEachChunk(chunk -> {
      boolean isPlain = settled.isLive(chunk) && settled.swapOf(settled.chunkKey(chunk)).isEmpty();
      boolean isPaid = settled.chunkSizeBytes(chunk) <= oracle.budget;
      if (found.isEmpty() && isPlain && isPaid) {
        oracle.better(chunk).ifPresent(found::add);
      }
    });
    return found.stream().findFirst();
  }

  private Optional<Finding> better(int chunk) {
    List<Integer> holders = new ArrayList<>();
    Set<Integer> all = new HashSet<>();
    for (int slot : ReplicaSlots.of(fleet, chunk)) {
      all.add(fleet.replicaWorker(slot));
      if (fleet.supersededAt(slot) == 0 && isHome(chunk, fleet.replicaWorker(slot))) {
        holders.add(fleet.replicaWorker(slot));
      }
    }
    int[] wanted = new int[levels];
    List<Integer> eligible = homes.stream().filter(worker -> isHome(chunk, worker)).toList();
    for (int level = 0; level < levels; level++) {
      wanted[level] = Math.min(fleet.floor(chunk), domains(eligible, level));
    }
    for (int from : holders) {
      for (int to : eligible) {
        boolean hasRoom = room[to] >= fleet.chunkSizeBytes(chunk) && spare[to] > 0;
        boolean mayTake = hasRoom && !isKept(to) && !all.contains(to) && isOpen(chunk, from, to);
        if (mayTake && isBetter(holders, from, to, wanted)) {
          return Optional.of(
              new Finding(
                  "spread by level",
                  fleet.chunkKey(chunk)
                      + " would lie in more domains on "
                      + fleet.workerId(to)
                      + " than on "
                      + fleet.workerId(from)));
        }
      }
    }
    return Optional.empty();
  }

  private boolean isOpen(int chunk, int from, int to) {
    List<Integer> others = new ArrayList<>();
    for (int slot : ReplicaSlots.of(fleet, chunk)) {
      others.add(fleet.replicaWorker(slot));
    }
    others.remove(Integer.valueOf(from));
    return ReplicaSlots.mayTake(fleet, chunk, to, others);
  }

  private boolean isKept(int worker) {
    return starved.stream()
        .anyMatch(chunk ->
            isHome(chunk, worker)
                && fleet.findReplica(chunk, worker) == LifecycleView.NONE
                && fleet.worker(worker).capacityBytes() >= fleet.chunkSizeBytes(chunk));
  }

  private boolean isBetter(List<Integer> holders, int from, int to, int[] wanted) {
    List<Integer> after = new ArrayList<>(holders);
    after.remove(Integer.valueOf(from));
    after.add(to);
    for (int level = 0; level < levels; level++) {
      int is = Math.min(wanted[level], domains(holders, level));
      int would = Math.min(wanted[level], domains(after, level));
      if (is != would) {
        return would > is;
      }
    }
    return false;
  }

  private int domains(List<Integer> workers, int level) {
    Set<String> names = new HashSet<>();
    workers.forEach(worker -> names.add(fleet.worker(worker).domain(level + 1)));
    return names.size();
  }

  private boolean isHome(int chunk, int position) {
    return homes.contains(position) && fleet.eligibility(chunk).admits(fleet.worker(position));
  }
}
