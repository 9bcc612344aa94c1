package dev.stowage.lifecycle.steps;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.columns.IntSet;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.CanonicalOrder;
import dev.stowage.lifecycle.state.DeletionRule;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes ended replicas, and unwanted ones unless the plan keeps them (section 3, step 1). Those
 * that rules about datasets count go after the plan, which must not take their worker for free.
 */
final class Settlement {
  private final Tables tables;
  private final Journal journal;
  private final long tick;
  private final IntSet condemned = new IntSet();
  private final IntSet over = new IntSet();
  private int held;
  private boolean isContentChanged;
  private int foundAndGone;

  Settlement(Journal journal, long tick) {
    this.journal = journal;
    this.tick = tick;
    tables = journal.tables;
  }

  boolean isContentChanged() {
    return isContentChanged;
  }

  int foundAndGone() {
    return foundAndGone;
  }

  void clearEnded() {
    tables.work.wakeUntil(tick);
    if (!tables.fleet.isPaused(tick)) {
      for (int position : tables.workers.inOrder(journal.drain(tables.work.departed))) {
        WorkerRow entry = tables.workers.entry(position);
        if (entry.isDeparted() && tables.workers.replicas(position) > 0) {
          clearDeparted(entry);
        }
      }
      clearGoneDisks();
    }
    int[] ending = CanonicalOrder.of(tables, tables.work.ending, chunk -> true);
    journal.drain(tables.work.ending);
    for (int chunk : ending) {
      if (!end(chunk)) {
        tables.work.ending.add(chunk);
      }
    }
    expireLosses();
    expireOrphans();
  }

  /** Frees the room of condemned replicas for the plan, which may take them back. */
  void condemn(DeletionRule rule) {
    int[] restless = CanonicalOrder.of(tables, tables.work.restless, chunk -> true);
    journal.drain(tables.work.restless);
    for (int chunk : restless) {
      long until = tables.rules.restsUntil(chunk, tick);
      if (until > tick) {
        tables.work.rest(chunk, until);
        continue;
      }
      for (int slot = tables.chunks.firstReplica(chunk);
          slot != ReplicaTable.NONE;
          slot = tables.replicas.next(slot)) {
        if (tables.replicas.isAssigned(slot)) {
          continue;
        }
        tables.work.restless.add(chunk);
        if (!isFoundNow(slot) && !tables.rules.readable(slot, tick)) {
          if (rule.allows(slot)) {
            condemned.add(slot);
          } else {
            held++;
          }
        }
      }
    }
  }

  IntSet condemned() {
    return condemned;
  }

  int held() {
    return held;
  }

  int clearCondemned() {
    int settled = 0;
    for (int slot : condemned.toArray()) {
      if (!tables.replicas.isAssigned(slot)) {
        remove(slot);
        settled++;
      }
    }
    for (int chunk : over.toArray()) {
      bury(chunk);
    }
    return settled;
  }

  /** Deletes replicas of replaced disks before the plan, which would not use their room. */
  private void clearGoneDisks() {
    for (int chunk : tables.work.restless.toArray()) {
      int next;
      int first = tables.chunks.exists(chunk) ? tables.chunks.firstReplica(chunk) : -1;
      for (int slot = first; slot != ReplicaTable.NONE; slot = next) {
        next = tables.replicas.next(slot);
        boolean isWorthless = tables.replicas.isDiskGone(slot) && !tables.rules.possessed(slot);
        if (isWorthless && !tables.rules.isRuled(chunk) && !tables.rules.readable(slot, tick)) {
          remove(slot);
        }
      }
    }
  }

  private void clearDeparted(WorkerRow worker) {
    boolean regrows = tables.fleet.config().regrowAfterTicks() > 0;
    while (tables.workers.replicas(worker.position()) > 0) {
      int slot = tables.workers.firstReplica(worker.position());
      int chunk = tables.replicas.chunk(slot);
      if (regrows && tables.chunks.isLive(chunk) && isBonus(slot)) {
        List<Long> lost = new ArrayList<>(lossesOf(chunk));
        lost.add(worker.absentSince());
        lost.sort(null);
        journal.losses(chunk, lost);
      }
      remove(slot);
    }
  }

  private boolean isBonus(int slot) {
    int others = 0;
    int chunk = tables.replicas.chunk(slot);
    for (int other = tables.chunks.firstReplica(chunk);
        other != ReplicaTable.NONE;
        other = tables.replicas.next(other)) {
      others += other != slot && tables.replicas.isAssigned(other) ? 1 : 0;
    }
    return tables.replicas.isAssigned(slot) && others >= tables.rules.floor(chunk);
  }

  private boolean end(int chunk) {
    ChunkState state = tables.chunks.stateOf(chunk);
    boolean isMarked = tables.chunks.isMarked(chunk);
    boolean isNeverSeen = state == ChunkState.ADMITTED && isMarked;
    boolean isOver = state == ChunkState.DROPPED && tick >= tables.chunks.end(chunk);
    if (!isNeverSeen && !isOver) {
      return state != ChunkState.DROPPED && !(state == ChunkState.VISIBLE && isMarked);
    }
    boolean hasReplicas = tables.chunks.firstReplica(chunk) != ReplicaTable.NONE;
    if (hasReplicas && tables.fleet.isPaused(tick)) {
      return false;
    }
    if (hasReplicas && tables.rules.isRuled(chunk)) {
      over.add(chunk);
    } else {
      bury(chunk);
    }
    return true;
  }

  private void bury(int chunk) {
    while (tables.chunks.firstReplica(chunk) != ReplicaTable.NONE) {
      remove(tables.chunks.firstReplica(chunk));
    }
    journal.state(chunk, ChunkState.TOMBSTONE);
    journal.end(chunk, tick);
    journal.forgetGone(chunk);
    if (!lossesOf(chunk).isEmpty()) {
      journal.losses(chunk, List.of());
    }
  }

  private void expireLosses() {
    long patience = tables.fleet.config().regrowAfterTicks();
    tables.chunks.losses.forEach(chunk -> {
      List<Long> lost = lossesOf(chunk);
      List<Long> kept = lost.stream().filter(at -> tick - at < patience).toList();
      if (kept.size() < lost.size()) {
        journal.losses(chunk, kept);
      }
    });
  }

  private void expireOrphans() {
    long keepUntil =
        SaturatedSum.of(
            tables.fleet.present().beganTick(), tables.fleet.config().orphanAfterTicks());
    if (tick < keepUntil) {
      return;
    }
    for (int position : tables.workers.inOrder(tables.work.orphaned.toArray())) {
      if (!tables.workers.entry(position).orphans().isEmpty()) {
        journal.worker(position, it -> it.with(WorkerRow.ORPHANS, List.of()));
      }
    }
  }

  private List<Long> lossesOf(int chunk) {
    return tables.chunks.losses.getOr(chunk, List.of());
  }

  private void remove(int slot) {
    if (isFoundNow(slot)) {
      foundAndGone++;
    } else {
      isContentChanged = true;
    }
    journal.removeReplica(slot);
  }

  private boolean isFoundNow(int slot) {
    return tables.replicas.superseded(slot) > tables.fleet.workerAssignment();
  }
}
