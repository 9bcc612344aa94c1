package dev.stowage.lifecycle.answering;

import dev.stowage.answer.Leaving.Verdict;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.ChunkTable;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges which workers may be switched off, all that may at once. Copies on workers that are told
 * to leave or are away never count, and a worker that was told neither may go only if it possesses
 * nothing. So no permission rests on a worker that is permitted too, in whatever order they go.
 * Costs one pass over the replicas on the judged workers and over the routes to gone replicas.
 */
public final class LeavingJudge {
  private final LifecycleView view;
  private final ChunkTable chunks;
  private final long now;
  private final boolean isPaused;
  private final Map<WorkerId, Integer> namedGone = new HashMap<>();
  private long visits;

  public LeavingJudge(LifecycleView view) {
    this.view = view;
    chunks = view.tables().chunks;
    now = view.largestTick().value();
    isPaused = view.isPaused(now);
    chunks.forEachStale(chunk -> {
      for (WorkerId gone : chunks.goneNames(chunk)) {
        namedGone.merge(gone, chunk, chunks::firstOf);
      }
    });
  }

  long now() {
    return now;
  }

  /** Returns a verdict for each worker, in order. */
  public List<Verdict> judge(Collection<WorkerId> workers) {
    List<Verdict> verdicts = new ArrayList<>(workers.size());
    for (WorkerId id : workers) {
      int worker = view.workerPosition(id);
      verdicts.add(
          worker < 0
              ? new Verdict(id, Verdict.Code.UNKNOWN_WORKER, Optional.empty())
              : judge(worker));
    }
    return verdicts;
  }

  Verdict judge(int worker) {
    WorkerRow entry = view.tables().workers.entry(worker);
    WorkerId id = entry.id();
    // Bytes on a disk without an inventory may be the only copy.
    if (entry.isPresent() && entry.owesInventory()) {
      return new Verdict(id, Verdict.Code.OWES_INVENTORY, Optional.empty());
    }
    int first = namedGone.getOrDefault(id, LifecycleView.NONE);
    Verdict.Code why = first == LifecycleView.NONE ? Verdict.Code.SAFE : Verdict.Code.ROUTED;
    for (int slot = view.firstReplicaOn(worker);
        slot != LifecycleView.NONE;
        slot = view.nextReplicaOn(slot)) {
      visits++;
      int chunk = view.replicaChunk(slot);
      if (first == LifecycleView.NONE || chunks.firstOf(first, chunk) == chunk) {
        Verdict.Code code = hindrance(chunk, slot, entry);
        if (code != Verdict.Code.SAFE) {
          first = chunk;
          why = code;
        }
      }
    }
    if (first == LifecycleView.NONE) {
      return new Verdict(id, Verdict.Code.SAFE, Optional.empty());
    }
    ChunkKey key = view.chunkKey(first);
    return new Verdict(id, entry.mayStop() ? why : Verdict.Code.NOT_LEAVING, Optional.of(key));
  }

  /** Returns why a replica keeps its worker from being switched off, or {@code SAFE}. */
  Verdict.Code hindrance(int chunk, int slot, WorkerRow entry) {
    boolean isPossessed = view.reportedPossessed(slot);
    // A superseded copy counts until it is gone: a plan may make no others for it.
    int needed = Math.max(entry.isToLeave() ? view.floor(chunk) : 0, entry.leastCopies());
    if (isPossessed && (!entry.mayStop() || possessedByStaying(chunk) < needed)) {
      return Verdict.Code.FLOOR;
    }
    if (view.isNamed(slot)) {
      return Verdict.Code.ROUTED;
    }
    // Routes that a new lineage lost may name any copy until its pause ends.
    boolean isOpen = now < view.readableUntil(slot) || (isPossessed && isPaused);
    return isOpen ? Verdict.Code.WINDOW : Verdict.Code.SAFE;
  }

  private int possessedByStaying(int chunk) {
    int possessed = 0;
    for (int other = view.firstReplica(chunk);
        other != LifecycleView.NONE;
        other = view.nextReplica(other)) {
      visits++;
      WorkerRow holder = view.tables().workers.entry(view.replicaWorker(other));
      boolean stays = holder.isCounted() && !holder.isToLeave();
      possessed += stays && view.reportedPossessed(other) ? 1 : 0;
    }
    return possessed;
  }

  /** Returns the number of replicas looked at. */
  public long visits() {
    return visits;
  }
}
