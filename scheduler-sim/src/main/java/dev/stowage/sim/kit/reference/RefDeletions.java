package dev.stowage.sim.kit.reference;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The deletion rule of section 2, in one cycle: one deletion after the other. */
final class RefDeletions {
  private final RefFleet fleet;
  private final long tick;
  private final Map<ChunkKey, Integer> presentBefore = new TreeMap<>();
  private final Map<ChunkKey, Set<WorkerId>> gone = new TreeMap<>();
  private final Map<ChunkKey, Set<WorkerId>> condemned = new TreeMap<>();

  RefDeletions(RefFleet fleet, long tick) {
    this.fleet = fleet;
    this.tick = tick;
    fleet.chunks.forEach((key, chunk) -> presentBefore.put(key, fleet.possessedOnPresent(chunk)));
  }

  /** Returns a copy with these deletions; later deletions of either do not affect the other. */
  RefDeletions copy() {
    RefDeletions copy = new RefDeletions(fleet, tick);
    copy.presentBefore.putAll(presentBefore);
    gone.forEach((key, workers) -> copy.gone.put(key, new TreeSet<>(workers)));
    condemned.forEach((key, workers) -> copy.condemned.put(key, new TreeSet<>(workers)));
    return copy;
  }

  boolean isCondemned(RefChunk chunk, WorkerId worker) {
    return condemned.getOrDefault(chunk.key, Set.of()).contains(worker);
  }

  /** Records that a replica will be deleted unless the plan readopts it. */
  void condemn(RefChunk chunk, WorkerId worker) {
    condemned.computeIfAbsent(chunk.key, key -> new TreeSet<>()).add(worker);
  }

  /** Returns who possesses a replica, is counted, and stays or may be asked for it. */
  private Set<WorkerId> lasting(RefChunk chunk, Set<WorkerId> without) {
    Set<WorkerId> lasting = new TreeSet<>(chunk.replicas.keySet());
    lasting.removeAll(without);
    lasting.removeIf(id -> {
      RefWorker holder = fleet.holder(id);
      RefReplica replica = fleet.replica(chunk, id);
      boolean isOut = replica.isNamed || tick < replica.readableUntil;
      boolean mayStop = holder.mayStop() && !isOut;
      return mayStop || !holder.isCounted() || !fleet.possessed(chunk, id);
    });
    return lasting;
  }

  /** Reports whether the rule allows the deletion of a replica; if so, it counts as gone. */
  boolean lets(RefChunk chunk, WorkerId worker) {
    if (fleet.isPaused(tick)) {
      return false;
    }
    if (fleet.replica(chunk, worker).isOfLostDisk) {
      return true; // new incarnations are exempt
    }
    Set<WorkerId> before = gone.computeIfAbsent(chunk.key, key -> new TreeSet<>());
    int left = 0;
    for (WorkerId other : chunk.replicas.keySet()) {
      boolean stays = !other.equals(worker) && !before.contains(other);
      left += stays && fleet.possessed(chunk, other) && fleet.holder(other).isCounted() ? 1 : 0;
    }
    boolean wouldLoseAll = chunk.isEstablished && chunk.isOncePossessed && left == 0;
    int needed = Math.min(fleet.floor(chunk), presentBefore.getOrDefault(chunk.key, 0));
    boolean isLet = !wouldLoseAll && (!fleet.possessed(chunk, worker) || left >= needed);
    Set<WorkerId> lasting = lasting(chunk, before);
    if (lasting.remove(worker)) {
      isLet &= lasting.size() >= Math.max(fleet.floor(chunk), fleet.askedElsewhere(chunk));
    }
    if (isLet) {
      before.add(worker);
    }
    return isLet;
  }
}
