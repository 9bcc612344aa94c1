package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.AbstractList;
import java.util.List;
import java.util.Objects;

/**
 * The part of a worker assignment that one worker obeys: it deletes what the slice does not name
 * (but for {@link #keep}), then downloads what it has not got, then reports. Immutable.
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

  /** What the worker is told beside what it must hold. */
  public SliceHeader header() {
    return SliceHeader.of(lineage(), id(), obeyFromTick(), holder);
  }

  /** Whose slice this is. */
  public WorkerId worker() {
    return holder.id();
  }

  private long sum() {
    return Objects.requireNonNull(holder.sliceSum(), "sliceSum");
  }

  /** The life of the worker's disk that the assignment was made for. */
  public Incarnation incarnation() {
    return Incarnation.of(holder.publishedIncarnation());
  }

  /** The assignment. */
  public WorkerAssignmentId id() {
    return assignment.id();
  }

  /** The lineage, to be named in reports. */
  public Lineage lineage() {
    return assignment.lineage();
  }

  /** A slice of a lineage in its pause is not obeyed before this tick. */
  public long obeyFromTick() {
    return assignment.obeyFromTick();
  }

  /** Returns {@link SliceHeader#inventoryReport}. */
  public long inventoryReport() {
    return header().inventoryReport();
  }

  /** Whether the worker must send its inventory before it deletes anything. */
  public boolean isInventoryWanted() {
    return header().isInventoryWanted();
  }

  /** Bytes on its disk that the store does not know and that it must not delete yet. */
  public List<ChunkNumber> keep() {
    return holder.orphans();
  }

  /** What it must hold; the order is fixed but means nothing. */
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

  /** How many chunks it must hold. */
  public int size() {
    return columns.size();
  }

  /** One of them. */
  public SliceEntry entry(int index) {
    return SliceEntry.of(assignment.facts(), columns.chunk(index), columns.since(index));
  }

  /** The number of one of them. */
  public ChunkNumber number(int index) {
    return Objects.requireNonNull(assignment.facts().number(columns.chunk(index)));
  }

  /** Whether one of them is {@code entry}, which is not made anew to be compared. */
  public boolean isEntry(int index, SliceEntry entry) {
    int chunk = columns.chunk(index);
    ChunkFacts facts = assignment.facts();
    return columns.since(index) == entry.since()
        && facts.sizeBytes(chunk) == entry.sizeBytes()
        && facts.hasKey(chunk, entry.key())
        && entry.number().equals(facts.number(chunk));
  }

  /**
   * The exact size of the slice as a full binary document ({@link DocumentFormat#BINARY}), without
   * writing it: summed up once for as long as the slice does not change.
   */
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
   * Returns the checksum of its entries: the sum of {@link #checksum(SliceEntry)}, modulo 2^64.
   * Entries that did not change since an older slice was summed are not summed again.
   */
  public long checksum() {
    return columns.checksum(assignment.facts());
  }

  /** Returns what an entry adds to the checksum of the slice, be it there or not. */
  public long checksum(SliceEntry entry) {
    return entry.checksum(assignment.facts().lineages().indexOf(entry.number().lineage()));
  }

  /**
   * Whether its entries add up to the checksum that is kept with the worker. What does not must not
   * be served: the worker would delete what it is to hold. What did not change since an older slice
   * was asked for it is not summed up again.
   */
  public boolean addsUp() {
    return columns.checksum(assignment.facts()) == sum();
  }

  /**
   * Whether what changed since an older slice of the worker adds up to how its checksum changed;
   * costs in proportion to what changed.
   */
  public boolean addsUpSince(WorkerSlice older) {
    long[] sum = {older.sum()};
    SliceDelta.compare(
        older,
        this,
        gone -> sum[0] -= older.columns.entryHash(gone, older.facts()),
        come -> sum[0] += columns.entryHash(come, facts()));
    return sum[0] == sum();
  }

  /** Whether both name the same chunk there, given that both name the same position. */
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
}
