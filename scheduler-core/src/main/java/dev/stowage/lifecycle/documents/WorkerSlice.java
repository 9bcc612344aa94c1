package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.documents.SliceDocument.SliceHeader;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * The part of an assignment that one worker obeys: it deletes everything but the slice and {@link
 * #keep}, downloads what it lacks, and reports. Immutable.
 */
public final class WorkerSlice {
  private final WorkerAssignment assignment;
  private final WorkerRow holder;
  private final SliceColumns columns;

  WorkerSlice(WorkerAssignment assignment, WorkerRow holder, SliceColumns columns) {
    this.assignment = assignment;
    this.holder = holder;
    this.columns = columns;
  }

  /** Returns the header. */
  public SliceHeader header() {
    return new SliceHeader(
        lineage(),
        id(),
        Optional.empty(),
        holder.id(),
        incarnation(),
        deleteFromTick(),
        holder.inventoryReport(),
        holder.owesInventory());
  }

  /** Returns the worker. */
  public WorkerId worker() {
    return holder.id();
  }

  private long sum() {
    return Objects.requireNonNull(holder.sliceSum(), "sliceSum");
  }

  /** Returns the incarnation of the worker's disk that the assignment was made for. */
  public Incarnation incarnation() {
    return Incarnation.of(holder.publishedIncarnation());
  }

  /** Returns the assignment. */
  public WorkerAssignmentId id() {
    return assignment.id();
  }

  /** Returns the lineage, to be named in reports. */
  public Lineage lineage() {
    return assignment.lineage();
  }

  /** Returns the tick before which it is not obeyed: a lineage in its pause. */
  public long deleteFromTick() {
    return assignment.deleteFromTick();
  }

  /** Returns {@link SliceHeader#inventoryReport}. */
  public long inventoryReport() {
    return header().inventoryReport();
  }

  /** Reports whether the worker must send its inventory before it deletes anything. */
  public boolean isInventoryWanted() {
    return header().isInventoryWanted();
  }

  /** Returns the numbers on its disk that the store does not know and that must not be deleted. */
  public List<ChunkNumber> keep() {
    return holder.orphans();
  }

  /** Returns the entries, in a fixed, but arbitrary order. */
  public List<SliceEntry> entries() {
    return new AbstractList<>() {
      @Override
      public SliceEntry get(int index) {
        return entry(index);
      }

      @Override
      public int size() {
        return columns.size();
      }
    };
  }

  /** Returns the number of entries. */
  public int size() {
    return columns.size();
  }

  /** Returns the entry at an index. */
  public SliceEntry entry(int index) {
    return SliceEntry.of(assignment.facts(), columns.chunk(index), columns.since(index));
  }

  /** Returns the number of the entry at an index. */
  public ChunkNumber number(int index) {
    return Objects.requireNonNull(assignment.facts().number(columns.chunk(index)));
  }

  /** Returns the exact size in bytes as a full {@link DocumentFormat#BINARY} document. */
  public long documentBytes() {
    ChunkFacts facts = assignment.facts();
    return DocumentTables.of(to ->
            SliceDocument.fields(
                to, header(), SliceDocument.distinct(keep()), List.of(), size(), List.of()))
        .with(
            columns.totals(facts),
            ordinal -> facts.lineages().get(ordinal),
            dataset -> facts.datasets().get(dataset).value())
        .size();
  }

  /**
   * Reports whether its entries match the worker's checksum. Never serve a slice that does not: the
   * worker would delete replicas that it must hold.
   */
  public boolean addsUp() {
    return columns.checksum(assignment.facts()) == sum();
  }

  /** Reports whether the changes since an older slice match the change of the checksum. */
  public boolean addsUpSince(WorkerSlice older) {
    long[] sum = {older.sum()};
    compare(
        older,
        this,
        gone -> sum[0] -= older.columns.entryHash(gone, older.facts()),
        come -> sum[0] += columns.entryHash(come, facts()));
    return sum[0] == sum();
  }

  boolean hasSameChunkAt(int index, WorkerSlice other, int otherIndex) {
    ChunkFacts facts = assignment.facts();
    ChunkFacts others = other.assignment.facts();
    int chunk = columns.chunk(index);
    int otherChunk = other.columns.chunk(otherIndex);
    return facts.counter(chunk) == others.counter(otherChunk)
        && facts.lineage(chunk) == others.lineage(otherChunk);
  }

  ChunkFacts facts() {
    return assignment.facts();
  }

  SliceColumns columns() {
    return columns;
  }

  /** Returns the changes since an older slice of the worker. */
  SliceDocument since(WorkerSlice older) {
    List<ChunkNumber> removed = new ArrayList<>();
    List<SliceEntry> put = new ArrayList<>();
    Set<ChunkNumber> again = new HashSet<>();
    compare(
        older,
        this,
        gone -> removed.add(older.number(gone)),
        come -> {
          put.add(entry(come));
          again.add(number(come));
        });
    removed.removeIf(again::contains);
    return SliceDocument.sorted(header().since(Optional.of(older.id())), keep(), removed, put);
  }

  private static void compare(
      WorkerSlice old, WorkerSlice now, IntConsumer gone, IntConsumer come) {
    SliceColumns before = old.columns();
    SliceColumns after = now.columns();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      int shared = after.sharedFrom(j, before, i);
      if (shared > 0) {
        i += shared;
        j += shared;
        continue;
      }
      int order = compare(before, i, after, j);
      if (order < 0) {
        gone.accept(i++);
      } else if (order > 0) {
        come.accept(j++);
      } else {
        if (!now.hasSameChunkAt(j, old, i) || before.since(i) != after.since(j)) {
          gone.accept(i);
          come.accept(j);
        }
        i++;
        j++;
      }
    }
  }

  private static int compare(SliceColumns before, int i, SliceColumns after, int j) {
    if (j == after.size()) {
      return -1;
    }
    return i == before.size() ? 1 : Integer.compare(before.chunk(i), after.chunk(j));
  }
}
