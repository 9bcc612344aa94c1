package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WorkerTable;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A published placement: the slices of all workers. Immutable and thread-safe without locks. */
public final class WorkerAssignment {
  private final WorkerAssignmentId id;
  private final Lineage lineage;
  private final long deleteFromTick;
  private final ChunkFacts facts;
  private final WorkerTable workers;
  private final SliceColumns[] slices;
  final long mintedTick;

  long ownEntries;

  WorkerAssignment(Tables tables, ChunkFacts facts, SliceColumns[] slices) {
    id = WorkerAssignmentId.of(tables.fleet.workerAssignment());
    lineage = tables.fleet.lineage();
    deleteFromTick = tables.fleet.deleteFromTick();
    mintedTick = tables.fleet.largestTick();
    this.facts = facts;
    workers = tables.workers.copy();
    this.slices = slices;
  }

  /** Returns its id; 0 is the empty assignment before the first. */
  public WorkerAssignmentId id() {
    return id;
  }

  /** Returns its lineage. */
  public Lineage lineage() {
    return lineage;
  }

  /** Returns the tick before which no slice is obeyed: a lineage in its pause. */
  public long deleteFromTick() {
    return deleteFromTick;
  }

  /** Returns the number of entries written for it, not shared with earlier assignments. */
  public long ownEntries() {
    return ownEntries;
  }

  /** Returns the slice of a worker; empty if it is unknown or has departed. */
  public Optional<WorkerSlice> slice(WorkerId worker) {
    int position = workers.find(Objects.requireNonNull(worker, "worker"));
    return position < 0 || hasDeparted(position)
        ? Optional.empty()
        : Optional.of(sliceOf(position));
  }

  /** Returns the slices of all workers that have not departed, in the order of worker ids. */
  public List<WorkerSlice> slices() {
    List<WorkerSlice> all = new ArrayList<>();
    for (int position : workers.order()) {
      if (!hasDeparted(position)) {
        all.add(sliceOf(position));
      }
    }
    return all;
  }

  /** Returns the changes for a worker since {@code older}, or all; empty if it has no slice. */
  public Optional<SliceDocument> deltaSince(WorkerAssignment older, WorkerId worker) {
    Objects.requireNonNull(older, "older");
    Optional<WorkerSlice> now = slice(worker);
    if (now.isEmpty()) {
      return Optional.empty();
    }
    Optional<WorkerSlice> then = older.slice(worker);
    if (then.isEmpty() || !older.lineage.equals(lineage)) {
      return now.map(SliceDocument::of);
    }
    return Optional.of(now.get().since(then.get()));
  }

  ChunkFacts facts() {
    return facts;
  }

  SliceColumns[] columns() {
    return slices;
  }

  private boolean hasDeparted(int position) {
    return workers.entry(position).status() == WorkerStatus.DEPARTED;
  }

  private WorkerSlice sliceOf(int position) {
    SliceColumns columns = position < slices.length ? slices[position] : SliceColumns.EMPTY;
    return new WorkerSlice(
        this, workers.row(position), columns == null ? SliceColumns.EMPTY : columns);
  }
}
