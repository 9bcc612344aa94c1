package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What every worker must hold: a numbered, published placement. Immutable; any thread may read it
 * without locks while the writer goes on.
 */
public final class WorkerAssignment {
  private final WorkerAssignmentId id;
  private final Lineage lineage;
  private final long obeyFromTick;
  private final ChunkFacts facts;
  private final Holders holders;
  private final SliceColumns[] slices;
  private final long replicas;
  final long mintedTick;

  /** Set before it is seen. */
  long ownEntries;

  WorkerAssignment(Tables tables, ChunkFacts facts, Holders holders, SliceColumns[] slices) {
    id = WorkerAssignmentId.of(tables.fleet.workerAssignment);
    lineage = tables.fleet.lineage();
    obeyFromTick = tables.fleet.obeyFromTick();
    mintedTick = tables.fleet.largestTick;
    this.facts = facts;
    this.holders = holders;
    this.slices = slices;
    replicas = tables.replicas.count();
  }

  /** Its id; 0 is the empty one before the first. */
  public WorkerAssignmentId id() {
    return id;
  }

  /** The lineage in which it was made. */
  public Lineage lineage() {
    return lineage;
  }

  /** A slice of a lineage in its pause is not obeyed before this tick. */
  public long obeyFromTick() {
    return obeyFromTick;
  }

  /** The number of pairs. */
  public long replicaCount() {
    return replicas;
  }

  /** How many entries of slices were written for it; the others are shared with those before. */
  public long ownEntries() {
    return ownEntries;
  }

  /** The slice of a worker; empty if it is unknown or has departed. */
  public Optional<WorkerSlice> slice(WorkerId worker) {
    WorkerRow holder = holders.get(Objects.requireNonNull(worker, "worker"));
    if (holder == null || hasDeparted(holder)) {
      return Optional.empty();
    }
    return Optional.of(sliceOf(holder));
  }

  /** The slices of all workers that are given one, in the order of worker ids. */
  public List<WorkerSlice> slices() {
    List<WorkerSlice> all = new ArrayList<>();
    holders.forEach(holder -> {
      if (!hasDeparted(holder)) {
        all.add(sliceOf(holder));
      }
    });
    all.sort(Comparator.comparing(WorkerSlice::worker));
    return all;
  }

  /**
   * What changed for a worker since an older assignment; a full document if that one is of another
   * lineage or did not know the worker.
   */
  public Optional<SliceDelta> deltaSince(WorkerAssignment older, WorkerId worker) {
    Objects.requireNonNull(older, "older");
    Optional<WorkerSlice> now = slice(worker);
    if (now.isEmpty()) {
      return Optional.empty();
    }
    Optional<WorkerSlice> then = older.slice(worker);
    if (then.isEmpty() || !older.lineage.equals(lineage)) {
      return now.map(SliceDelta::full);
    }
    return Optional.of(SliceDelta.between(then.get(), now.get()));
  }

  ChunkFacts facts() {
    return facts;
  }

  Holders holders() {
    return holders;
  }

  SliceColumns[] columns() {
    return slices;
  }

  private static boolean hasDeparted(WorkerRow holder) {
    return holder.status() == WorkerStatus.DEPARTED;
  }

  private WorkerSlice sliceOf(WorkerRow holder) {
    int position = holder.position();
    SliceColumns columns = position < slices.length ? slices[position] : SliceColumns.EMPTY;
    return new WorkerSlice(this, holder, columns == null ? SliceColumns.EMPTY : columns);
  }
}
