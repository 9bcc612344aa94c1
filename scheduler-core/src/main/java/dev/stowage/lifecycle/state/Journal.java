package dev.stowage.lifecycle.state;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.columns.IntSet;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Records each row before its first change by a command, for undo and the change set. */
public final class Journal {
  public final Tables tables;
  private final Tables before;
  private final long planVersionBefore;
  private IntSet chunks;
  private IntSet slots;
  private IntSet removedSlots;
  private final TreeSet<Long> swaps = new TreeSet<>();
  private final List<DrainedSet> drained = new ArrayList<>();
  private final IntSet rerouted = new IntSet();
  private @Nullable WorkerAssignmentId mintedWorkers;
  private @Nullable PortalAssignmentId mintedPortals;

  public Journal(Tables tables) {
    this.tables = tables;
    before = tables.copy();
    planVersionBefore = tables.planVersion;
    chunks = tables.scratch.touchedChunks.cleared();
    slots = tables.scratch.touchedSlots.cleared();
    removedSlots = tables.scratch.removedSlots.cleared();
  }

  public int insertChunk(ChunkRow row) {
    tables.planVersion++;
    tables.chunks.put(row);
    chunks.add(row.position());
    if (tables.waits(row.position())) {
      tables.waiting(row.position(), 1);
    }
    tables.work.unfed.add(row.position());
    if (row.state() == ChunkState.OFFERED) {
      tables.work.offered.add(row.position());
    }
    return row.position();
  }

  public void removeChunk(int chunk) {
    tables.planVersion++;
    chunks.add(chunk);
    tables.swaps.forget(chunk);
    tables.work.unfed.add(chunk);
    if (tables.waits(chunk)) {
      tables.waiting(chunk, -1);
    }
    tables.chunks.remove(chunk);
  }

  public void state(int chunk, ChunkState state) {
    boolean waited = beforeChunk(chunk);
    tables.chunks.state(chunk, state.ordinal());
    afterChunk(chunk, waited);
  }

  public void mark(int chunk) {
    boolean waited = beforeChunk(chunk);
    tables.chunks.raise(chunk, ChunkTable.MARKED);
    afterChunk(chunk, waited);
  }

  public void oncePossessed(int chunk) {
    boolean waited = beforeChunk(chunk);
    tables.chunks.raise(chunk, ChunkTable.ONCE_POSSESSED);
    afterChunk(chunk, waited);
  }

  public void nameGone(int chunk, WorkerId worker) {
    boolean waited = beforeChunk(chunk);
    List<WorkerId> names = new ArrayList<>(tables.chunks.goneNames(chunk));
    names.add(worker);
    names.sort(null);
    tables.chunks.goneNames.put(chunk, List.copyOf(names));
    tables.chunks.raise(chunk, ChunkTable.STALE_ROUTES);
    afterChunk(chunk, waited);
  }

  public void forgetGone(int chunk) {
    boolean waited = beforeChunk(chunk);
    tables.chunks.flags(chunk, tables.chunks.flags(chunk) & ~ChunkTable.STALE_ROUTES);
    tables.chunks.goneNames.remove(chunk);
    afterChunk(chunk, waited);
  }

  public void establish(int chunk, long assignment) {
    boolean waited = beforeChunk(chunk);
    tables.chunks.established(chunk, assignment);
    afterChunk(chunk, waited);
  }

  public void end(int chunk, long tick) {
    boolean waited = beforeChunk(chunk);
    tables.chunks.end(chunk, tick);
    afterChunk(chunk, waited);
  }

  public void admit(int chunk, long tick) {
    boolean waited = beforeChunk(chunk);
    tables.chunks.state(chunk, ChunkState.ADMITTED.ordinal());
    tables.chunks.admitted(chunk, tick);
    tables.chunks.number(chunk, tables.fleet.lineages().size() - 1, tables.nextNumber());
    afterChunk(chunk, waited);
  }

  public void reject(int chunk, int winner, long tick) {
    boolean waited = beforeChunk(chunk);
    tables.chunks.state(chunk, ChunkState.REJECTED.ordinal());
    tables.chunks.winners.put(chunk, tables.chunks.facts.key(winner));
    tables.chunks.end(chunk, tick);
    afterChunk(chunk, waited);
  }

  public void resetTime(int chunk, long now, long end) {
    ChunkTable chunks = tables.chunks;
    boolean isDropped = chunks.stateOf(chunk) == ChunkState.DROPPED;
    long ended = isDropped ? end : Math.min(now, chunks.end(chunk));
    List<Long> lost = chunks.losses.getOr(chunk, List.of());
    List<Long> notAhead = lost.stream().map(tick -> Math.min(now, tick)).toList();
    if (chunks.admitted(chunk) > now || chunks.end(chunk) != ended || !notAhead.equals(lost)) {
      boolean waited = beforeChunk(chunk);
      chunks.admitted(chunk, Math.min(now, chunks.admitted(chunk)));
      chunks.end(chunk, ended);
      if (!notAhead.isEmpty()) {
        chunks.losses.put(chunk, notAhead);
      }
      afterChunk(chunk, waited);
    }
  }

  public void losses(int chunk, List<Long> ticks) {
    boolean waited = beforeChunk(chunk);
    if (ticks.isEmpty()) {
      tables.chunks.losses.remove(chunk);
    } else {
      tables.chunks.losses.put(chunk, List.copyOf(ticks));
    }
    afterChunk(chunk, waited);
  }

  /** Saves a replica: call before its stamps are written. */
  public void touch(int slot) {
    tables.planVersion++;
    slots.add(slot);
    tables.touch(tables.replicas.chunk(slot));
  }

  public void touchAllOn(int worker) {
    for (int slot = tables.workers.firstReplica(worker);
        slot != ReplicaTable.NONE;
        slot = tables.replicas.nextOfWorker(slot)) {
      tables.touch(tables.replicas.chunk(slot));
    }
  }

  public int addReplica(int chunk, int worker, long since) {
    int newest = tables.workers.firstReplica(worker);
    boolean staysSorted =
        tables.workers.isSorted(worker)
            && (newest == ReplicaTable.NONE || tables.replicas.since(newest) <= since);
    int slot = tables.replicas.add(chunk, worker, since, tables.chunks, tables.workers);
    tables.workers.sorted(worker, staysSorted);
    slots.add(slot);
    tables.planVersion++;
    tables.touch(chunk);
    tables.work.unconfirmed.add(chunk);
    tables.work.pairs.add(chunk, worker);
    tables.work.headers.add(worker);
    return slot;
  }

  public void since(int slot, long assignment) {
    touch(slot);
    int worker = tables.replicas.worker(slot);
    tables.replicas.since(slot, assignment, tables.chunks, tables.workers);
    tables.workers.sorted(worker, false);
    tables.work.pairs.add(tables.replicas.chunk(slot), worker);
  }

  public void removeReplica(int slot) {
    slots.add(slot);
    removedSlots.add(slot);
    tables.planVersion++;
    if (tables.replicas.isNamed(slot)) {
      nameGone(tables.replicas.chunk(slot), tables.workerOf(slot));
    }
    tables.touch(tables.replicas.chunk(slot));
    tables.work.pairs.add(tables.replicas.chunk(slot), tables.replicas.worker(slot));
    tables.work.headers.add(tables.replicas.worker(slot));
    tables.replicas.unlink(slot, tables.chunks, tables.workers);
  }

  /** Writes a worker's row. */
  public WorkerRow worker(int position, UnaryOperator<Shape.Draft<WorkerRow>> change) {
    tables.planVersion++;
    tables.reindexWorker(position);
    return marks(position, change);
  }

  /** Writes a worker whose marks alone change. */
  public WorkerRow marks(int position, UnaryOperator<Shape.Draft<WorkerRow>> change) {
    return tables.workers.write(position, change);
  }

  public void insertWorker(WorkerRow row) {
    tables.planVersion++;
    tables.workers.put(row);
    tables.reindexWorker(row.position());
  }

  public void removeWorker(int position) {
    tables.planVersion++;
    tables.reindexWorker(position);
    tables.workers.remove(position);
  }

  public void putSwap(SwapRow row) {
    swaps.add(row.id());
    tables.planVersion++;
    tables.swaps.put(row, tables.chunks);
    touchOld(row);
  }

  public void removeSwap(SwapRow row) {
    swaps.add(row.id());
    tables.swaps.remove(row.id(), tables.chunks);
    touchOld(row);
  }

  private void touchOld(SwapRow row) {
    for (ChunkKey key : row.oldChunks()) {
      int chunk = tables.chunks.find(key);
      if (chunk >= 0) {
        tables.work.unfed.add(chunk);
      }
    }
  }

  /** Writes fields of the fleet's row that plans depend on. */
  public void fleet(UnaryOperator<Shape.Draft<FleetRow>> change) {
    tables.planVersion++;
    tables.fleet(change);
  }

  /** Notes a chunk whose route changes though none of its rows does. */
  public void reroute(int chunk) {
    rerouted.add(chunk);
  }

  public void minted(WorkerAssignmentId id) {
    mintedWorkers = id;
  }

  public void minted(PortalAssignmentId id) {
    mintedPortals = id;
  }

  public int[] drain(IntSet set) {
    int[] members = set.toArray();
    set.clear();
    drained.add(new DrainedSet(set, members));
    return members;
  }

  public ChangeSet finish() {
    ChangeSet.Parts parts = new ChangeSet.Parts();
    boolean isChange = collectChunks(parts);
    isChange |= collectReplicas(parts);
    isChange |= collectWorkers(parts);
    isChange |= collectSwaps(parts);
    if (!isChange && parts.isEmpty() && tables.fleet.differsInReadingOnly(before.fleet)) {
      // No window began at this reading, so that the former one need not be replaced.
      tables.fleet = before.fleet;
    }
    FleetRow fleet = tables.fleet;
    if (!fleet.equals(before.fleet)) {
      parts.fleet(fleet);
      if (fleet.differsInTickOnly(before.fleet)) {
        parts.tickOfFleetOnly();
      }
      if (!fleet.differsInMarksOnly(before.fleet)) {
        long delta = tables.fleetHash.of(fleet) - tables.fleetHash.of(before.fleet);
        tables.digest += delta;
        isChange |= delta != 0;
      }
    }
    if (!isChange) {
      parts.marksOnly();
    }
    if (mintedWorkers != null) {
      parts.minted(mintedWorkers);
    }
    if (mintedPortals != null) {
      parts.rerouted(rerouted.toArray()).minted(mintedPortals);
    }
    return parts.digests(before.digest, tables.digest).build();
  }

  public void undo() {
    swaps.forEach(this::touchOldOf);
    tables.backTo(before, chunks, slots);
    swaps.forEach(this::touchOldOf);
    drained.forEach(set -> set.into().addAll(set.members()));
    if (tables.planVersion != planVersionBefore) {
      tables.planVersion++;
    }
  }

  private void touchOldOf(long swap) {
    SwapRow row = tables.swaps.row(swap);
    if (row != null) {
      touchOld(row);
    }
  }

  public void seal() {
    for (int i = 0; i < removedSlots.size(); i++) {
      tables.replicas.free(removedSlots.member(i));
    }
  }

  /** Copies what lies in shared sets, because another command begins before this one is sealed. */
  public void detach() {
    chunks = chunks.compact();
    slots = slots.compact();
    removedSlots = removedSlots.compact();
  }

  private boolean collectChunks(ChangeSet.Parts parts) {
    List<ChunkRow> put = new ArrayList<>();
    List<ChunkRow> gone = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      int chunk = chunks.member(i);
      boolean wasThere = before.chunks.exists(chunk);
      boolean isThere = tables.chunks.exists(chunk);
      long old = wasThere ? before.chunks.rowHash(chunk) : 0;
      long now = isThere ? tables.chunks.rowHash(chunk) : 0;
      tables.digest += now - old;
      if (isThere && (!wasThere || now != old)) {
        if (!wasThere) {
          parts.created(put.size());
        } else if (tables.chunks.isFirstNamedOnly(chunk, before.chunks)) {
          parts.firstNamedOnly(put.size());
        }
        put.add(tables.chunks.row(chunk));
      } else if (!isThere && wasThere) {
        gone.add(before.chunks.row(chunk));
      }
    }
    parts.chunks(put).removedChunks(gone);
    return !put.isEmpty() || !gone.isEmpty();
  }

  private boolean collectReplicas(ChangeSet.Parts parts) {
    ReplicaRows.Builder put = ReplicaRows.builder(slots.size());
    ReplicaRows.Builder gone = ReplicaRows.builder(removedSlots.size());
    for (int i = 0; i < slots.size(); i++) {
      int slot = slots.member(i);
      boolean wasThere = before.replicas.exists(slot);
      boolean isThere = !removedSlots.contains(slot);
      long old = wasThere ? before.replicas.rowHash(slot, before.chunks, before.workers) : 0;
      long now = isThere ? tables.replicas.rowHash(slot, tables.chunks, tables.workers) : 0;
      tables.digest += now - old;
      if (isThere && now != old) {
        tables.replicas.copyTo(put, slot);
        if (!wasThere) {
          put.fresh();
        }
      } else if (!isThere && wasThere) {
        before.replicas.copyTo(gone, slot);
      }
    }
    ReplicaRows rows = put.build();
    ReplicaRows removedRows = gone.build();
    parts.replicas(rows).removedReplicas(removedRows);
    return rows.size() + removedRows.size() > 0;
  }

  private boolean collectWorkers(ChangeSet.Parts parts) {
    List<WorkerRow> put = new ArrayList<>();
    List<WorkerRow> gone = new ArrayList<>();
    boolean changed = false;
    TreeSet<Integer> touched = new TreeSet<>();
    tables.workers.forEachChanged(before.workers, touched::add);
    for (int position : touched) {
      WorkerRow before = rowOf(this.before, position);
      WorkerRow after = rowOf(tables, position);
      long differs =
          before == null || after == null ? -1 : Shape.of(WorkerRow.class).changed(before, after);
      if (differs == 0) {
        continue;
      }
      if (after != null) {
        if ((differs & ~WorkerRow.REPORTED) == 0) {
          parts.reportOnly(put.size());
        }
        if ((differs & WorkerRow.SLICE) != 0) {
          parts.sliceChanged(put.size());
        }
        put.add(after);
      } else if (before != null) {
        gone.add(before);
      }
      if (before != null && after != null && (differs & ~WorkerRow.MARKS) == 0) {
        long slice = after.sliceSumHash() - before.sliceSumHash();
        tables.digest += slice;
        changed |= slice != 0;
        continue;
      }
      long old = before == null ? 0 : before.digest();
      long now = after == null ? 0 : after.digest();
      tables.digest += now - old;
      changed |= now != old;
    }
    parts.workers(put).removedWorkers(gone);
    return changed;
  }

  private static @Nullable WorkerRow rowOf(Tables of, int position) {
    return of.workers.exists(position) ? of.workers.row(position) : null;
  }

  private boolean collectSwaps(ChangeSet.Parts parts) {
    List<SwapRow> put = new ArrayList<>();
    List<SwapRow> gone = new ArrayList<>();
    for (long id : swaps) {
      SwapRow before = this.before.swaps.row(id);
      SwapRow after = tables.swaps.row(id);
      if (java.util.Objects.equals(before, after)) {
        continue;
      }
      if (after != null) {
        put.add(after);
      } else if (before != null) {
        gone.add(before);
      }
      tables.digest -= before == null ? 0 : Shape.of(SwapRow.class).digest(before);
      tables.digest += after == null ? 0 : Shape.of(SwapRow.class).digest(after);
    }
    parts.swaps(put).removedSwaps(gone);
    return !put.isEmpty() || !gone.isEmpty();
  }

  private boolean beforeChunk(int chunk) {
    chunks.add(chunk);
    tables.planVersion++;
    return tables.waits(chunk);
  }

  private void afterChunk(int chunk, boolean waited) {
    tables.chunks.noteLive(chunk);
    boolean waits = tables.waits(chunk);
    if (waited != waits) {
      tables.waiting(chunk, waits ? 1 : -1);
    }
    tables.touch(chunk);
    ChunkState state = tables.chunks.stateOf(chunk);
    if (state == ChunkState.DROPPED || (state.isLive() && tables.chunks.isMarked(chunk))) {
      tables.work.ending.add(chunk);
    }
    if (state == ChunkState.TOMBSTONE || state == ChunkState.REJECTED) {
      tables.work.ended.add(chunk);
    }
  }

  private record DrainedSet(IntSet into, int[] members) {}
}
