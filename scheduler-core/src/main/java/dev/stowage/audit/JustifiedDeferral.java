package dev.stowage.audit;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Step: a new chunk is left out only if its floor cannot be placed. Judged by what is certain:
 * enough placeable, eligible workers that had room when the cycle began and have it when it ends
 * (what the cycle itself frees may be used by the next one). A new side of a swap is placed as a
 * whole and in order, so it is judged by the world, not here; so is a cycle whose plan was partly
 * struck at commit.
 */
final class JustifiedDeferral implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    if (step.answer().deferred().isEmpty() || step.answer().struck() > 0) {
      return;
    }
    FleetSnapshot fleet = step.after();
    boolean[] ofSwap = newSides(fleet);
    long[] used = used(step);
    forbidWhereFull(fleet, step, used);
    Command<?> said = step.accepted();
    List<WorkerId> avoided =
        said instanceof Command.Schedule cycle ? cycle.advice().avoided() : List.of();
    for (WorkerId worker : avoided) {
      int position = position(fleet.workers(), worker);
      if (position >= 0) {
        // it takes nothing new: as if it had no room at all
        used[position] = Long.MAX_VALUE / 2;
      }
    }
    Map<ChunkKey, Integer> byKey = new HashMap<>();
    for (int chunk = 0; chunk < fleet.chunkCount(); chunk++) {
      byKey.put(fleet.chunks().key[chunk], chunk);
    }
    for (ChunkKey key : step.answer().deferred()) {
      Integer chunk = byKey.get(key);
      if (chunk != null && !ofSwap[chunk] && !fleet.chunks().established[chunk]) {
        judge(fleet, chunk, used, findings);
      }
    }
  }

  /** Who holds as many replicas as it may, at either end of the cycle, has no room. */
  private static void forbidWhereFull(FleetSnapshot fleet, AuditStep step, long[] used) {
    int[] copies = step.loads().copies().clone();
    FleetSnapshot before = step.before();
    int[] after = step.replicasAfter();
    for (int replica = 0; replica < before.replicaCount(); replica++) {
      int worker = step.workerAfter(before.replicas().worker[replica]);
      if (after[replica] < 0 && worker >= 0) {
        copies[worker]++;
      }
    }
    for (int worker = 0; worker < used.length; worker++) {
      boolean isFull = copies[worker] >= fleet.workers().maxReplicas[worker];
      used[worker] = isFull ? Long.MAX_VALUE / 2 : used[worker];
    }
  }

  private static void judge(FleetSnapshot fleet, int chunk, long[] used, Findings findings) {
    WorkerColumns workers = fleet.workers();
    long size = fleet.chunks().sizeBytes[chunk];
    List<Worker> able = new ArrayList<>();
    Map<Integer, Integer> limits = fleet.row().config().placement().maxPerDomain();
    for (int worker = 0; worker < workers.count; worker++) {
      boolean willing =
          workers.isPlaceable(worker)
              && admits(fleet.chunks().eligibility[chunk], workers, worker)
              && !isBanned(fleet, chunk, worker);
      boolean hasRoom = willing && workers.capacityBytes[worker] - used[worker] >= size;
      if (hasRoom && isOpen(workers.described[worker], able, limits)) {
        able.add(workers.described[worker]);
      }
    }
    int room = able.size();
    if (room >= fleet.chunks().floor[chunk]) {
      findings.add(
          Invariant.JUSTIFIED_DEFERRAL,
          fleet.chunks().key[chunk].toString(),
          "deferred although " + room + " workers have room for its " + size + " bytes");
    }
  }

  /** Whether a worker may have the chunk beside these: the order makes no difference. */
  private static boolean isOpen(Worker worker, List<Worker> beside, Map<Integer, Integer> limits) {
    boolean isOpen = true;
    for (Map.Entry<Integer, Integer> each : limits.entrySet()) {
      String domain = worker.domain(each.getKey());
      long in = beside.stream().filter(it -> it.domain(each.getKey()).equals(domain)).count();
      isOpen &= in < each.getValue();
    }
    return isOpen;
  }

  private static int position(WorkerColumns workers, WorkerId id) {
    for (int worker = 0; worker < workers.count; worker++) {
      if (id.equals(workers.id[worker])) {
        return worker;
      }
    }
    return -1;
  }

  private static boolean admits(Eligibility eligibility, WorkerColumns workers, int worker) {
    return workers.version[worker].compareTo(eligibility.minVersion()) >= 0
        && workers.labels[worker].containsAll(eligibility.requiredLabels());
  }

  private static boolean isBanned(FleetSnapshot fleet, int chunk, int worker) {
    ChunkKey key = fleet.chunks().key[chunk];
    for (PlacementWish ban : fleet.bans()) {
      if (ban.worker().equals(fleet.workers().id[worker])
          && ban.dataset().equals(key.dataset())
          && ban.chunkId().map(key.id()::equals).orElse(true)) {
        return true;
      }
    }
    return false;
  }

  private static boolean[] newSides(FleetSnapshot fleet) {
    boolean[] ofSwap = new boolean[fleet.chunkCount()];
    for (int[] side : fleet.swaps().newSide) {
      for (int chunk : side) {
        if (chunk >= 0) {
          ofSwap[chunk] = true;
        }
      }
    }
    return ofSwap;
  }

  /** Bytes on the books at the beginning of the cycle, or at its end. */
  private static long[] used(AuditStep step) {
    long[] used = step.loads().bytes().clone();
    FleetSnapshot before = step.before();
    int[] after = step.replicasAfter();
    for (int replica = 0; replica < before.replicaCount(); replica++) {
      int worker = step.workerAfter(before.replicas().worker[replica]);
      if (after[replica] < 0 && worker >= 0) {
        used[worker] += before.chunks().sizeBytes[before.replicas().chunk[replica]];
      }
    }
    return used;
  }
}
