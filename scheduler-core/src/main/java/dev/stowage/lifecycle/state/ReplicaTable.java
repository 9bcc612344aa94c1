package dev.stowage.lifecycle.state;

import dev.stowage.columns.MergeSort;
import dev.stowage.lifecycle.Origin;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import java.util.BitSet;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The replicas, 32 bytes each, and as much again in {@link RareStamps} for few of them. */
public final class ReplicaTable {
  public static final int NONE = -1;

  public static final byte NAMED = 1;

  public static final byte DISK_GONE = 2;

  private static final int CHUNK = 0;
  private static final int WORKER = 1;
  private static final int SINCE = 2;
  private static final int LATER = 4;
  private static final int NEXT_OF_CHUNK = 5;
  private static final int NEXT_OF_WORKER = 6;
  private static final int PREVIOUS_OF_WORKER = 7;
  private static final int ROW_WIDTH = 8;

  /** The bits of flags above which the ordinal of the {@link Origin} stands. */
  private static final int ORIGIN_SHIFT = 2;

  /** Flags share a column with the worker's position, which stays far below 2^26. */
  private static final int FLAGS_SHIFT = 26;

  private static final int WORKER_MASK = (1 << FLAGS_SHIFT) - 1;

  private final RowPages rows;
  private final RareStamps later;
  private int limit;
  private int count;
  private int freeHead = NONE;
  private @Nullable ReplicaTable copied;

  ReplicaTable() {
    rows = new RowPages(ROW_WIDTH);
    later = new RareStamps();
  }

  private ReplicaTable(ReplicaTable from, RowPages rows, RareStamps later) {
    this.rows = rows;
    this.later = later;
    limit = from.limit;
    count = from.count;
    freeHead = from.freeHead;
  }

  public int count() {
    return count;
  }

  public int limit() {
    return limit;
  }

  boolean exists(int slot) {
    return slot < limit && rows.read(slot, CHUNK) >= 0;
  }

  public int chunk(int slot) {
    return rows.read(slot, CHUNK);
  }

  public int worker(int slot) {
    return rows.read(slot, WORKER) & WORKER_MASK;
  }

  public int flags(int slot) {
    return rows.read(slot, WORKER) >>> FLAGS_SHIFT;
  }

  public void flags(int slot, int bits) {
    rows.write(slot, WORKER, (bits << FLAGS_SHIFT) | worker(slot));
  }

  public Origin origin(int slot) {
    return Origin.at(flags(slot) >>> ORIGIN_SHIFT);
  }

  public void origin(int slot, Origin cause) {
    flags(slot, (flags(slot) & (NAMED | DISK_GONE)) | cause.ordinal() << ORIGIN_SHIFT);
  }

  /** Forgets the disk's state; keeps why the replica came. */
  public void newDisk(int slot) {
    int kept = flags(slot) & ~(NAMED | DISK_GONE);
    flags(slot, isAssigned(slot) ? kept : kept | DISK_GONE);
  }

  public long since(int slot) {
    return rows.readLong(slot, SINCE);
  }

  public void since(int slot, long assignment, ChunkTable chunks, WorkerTable workers) {
    int holder = worker(slot);
    long others = workers.sliceSum(holder) - entryHash(slot, chunks);
    rows.writeLong(slot, SINCE, assignment);
    workers.sliceSum(holder, others + entryHash(slot, chunks));
  }

  public long entryHash(int slot, ChunkTable chunks) {
    int ofChunk = chunk(slot);
    return RowHash.ofEntry(
        chunks.facts.hash(ofChunk),
        chunks.facts.lineage(ofChunk),
        chunks.facts.counter(ofChunk),
        chunks.facts.sizeBytes(ofChunk),
        since(slot));
  }

  public long superseded(int slot) {
    return later.superseded(rows.read(slot, LATER));
  }

  public void superseded(int slot, long assignment) {
    rows.write(slot, LATER, later.superseded(rows.read(slot, LATER), assignment));
  }

  public long released(int slot) {
    return later.released(rows.read(slot, LATER));
  }

  public void released(int slot, long assignment) {
    rows.write(slot, LATER, later.released(rows.read(slot, LATER), assignment));
  }

  public long readableUntil(int slot) {
    return later.readableUntil(rows.read(slot, LATER));
  }

  public void readableUntil(int slot, long tick) {
    rows.write(slot, LATER, later.readableUntil(rows.read(slot, LATER), tick));
  }

  public long missingSince(int slot) {
    return later.missingSince(rows.read(slot, LATER));
  }

  public void missingSince(int slot, long tick) {
    rows.write(slot, LATER, later.missingSince(rows.read(slot, LATER), tick));
  }

  public int next(int slot) {
    return rows.read(slot, NEXT_OF_CHUNK);
  }

  public int nextOfWorker(int slot) {
    return rows.read(slot, NEXT_OF_WORKER);
  }

  public boolean isAssigned(int slot) {
    return superseded(slot) == 0;
  }

  public boolean isDraining(int slot) {
    return released(slot) != 0;
  }

  public ReplicaState stateOf(int slot) {
    if (isDraining(slot)) {
      return ReplicaState.DRAINING;
    }
    return isAssigned(slot) ? ReplicaState.ASSIGNED : ReplicaState.SUPERSEDED;
  }

  public boolean isMissing(int slot) {
    return missingSince(slot) >= 0;
  }

  public boolean isNamed(int slot) {
    return (flags(slot) & NAMED) != 0;
  }

  public boolean isDiskGone(int slot) {
    return (flags(slot) & DISK_GONE) != 0;
  }

  public int find(int ofChunk, int onWorker, ChunkTable chunks) {
    int slot = chunks.firstReplica(ofChunk);
    while (slot != NONE && worker(slot) != onWorker) {
      slot = next(slot);
    }
    return slot;
  }

  public int add(int ofChunk, int onWorker, long since, ChunkTable chunks, WorkerTable workers) {
    int slot = freeHead;
    if (slot == NONE) {
      slot = limit;
      rows.reserve(slot);
      limit++;
    } else {
      freeHead = next(slot);
    }
    rows.write(slot, CHUNK, ofChunk);
    rows.write(slot, WORKER, onWorker);
    rows.writeLong(slot, SINCE, since);
    rows.write(slot, LATER, RareStamps.NONE_SET);
    link(slot, chunks, workers);
    return slot;
  }

  void link(int slot, ChunkTable chunks, WorkerTable workers) {
    int ofChunk = chunk(slot);
    int onWorker = worker(slot);
    int rank = workers.rank(onWorker);
    int at = chunks.firstReplica(ofChunk);
    int before = NONE;
    while (at != NONE && workers.rank(worker(at)) < rank) {
      before = at;
      at = next(at);
    }
    rows.write(slot, NEXT_OF_CHUNK, at);
    if (before == NONE) {
      chunks.firstReplica(ofChunk, slot);
    } else {
      rows.write(before, NEXT_OF_CHUNK, slot);
    }
    int newest = workers.firstReplica(onWorker);
    rows.write(slot, NEXT_OF_WORKER, newest);
    rows.write(slot, PREVIOUS_OF_WORKER, NONE);
    if (newest != NONE) {
      rows.write(newest, PREVIOUS_OF_WORKER, slot);
    }
    workers.firstReplica(onWorker, slot);
    workers.sorted(onWorker, false);
    workers.count(onWorker, 1, chunks.facts.sizeBytes(ofChunk));
    workers.sliceSum(onWorker, workers.sliceSum(onWorker) + entryHash(slot, chunks));
    count++;
  }

  void unlink(int slot, ChunkTable chunks, WorkerTable workers) {
    int ofChunk = chunk(slot);
    int at = chunks.firstReplica(ofChunk);
    if (at == slot) {
      chunks.firstReplica(ofChunk, next(slot));
    } else {
      while (next(at) != slot) {
        at = next(at);
      }
      rows.write(at, NEXT_OF_CHUNK, next(slot));
    }
    int holder = worker(slot);
    int before = rows.read(slot, PREVIOUS_OF_WORKER);
    int after = nextOfWorker(slot);
    if (before == NONE) {
      workers.firstReplica(holder, after);
    } else {
      rows.write(before, NEXT_OF_WORKER, after);
    }
    if (after != NONE) {
      rows.write(after, PREVIOUS_OF_WORKER, before);
    }
    workers.count(holder, -1, chunks.facts.sizeBytes(ofChunk));
    workers.sliceSum(holder, workers.sliceSum(holder) - entryHash(slot, chunks));
    count--;
  }

  public void sortBySince(int holder, WorkerTable workers) {
    int[] slots = new int[workers.replicas(holder)];
    int at = 0;
    for (int slot = workers.firstReplica(holder); slot != NONE; slot = nextOfWorker(slot)) {
      slots[at++] = slot;
    }
    new MergeSort(slots, (left, right) -> Long.compare(since(right), since(left)))
        .sort(0, slots.length);
    int before = NONE;
    for (int slot : slots) {
      rows.write(slot, PREVIOUS_OF_WORKER, before);
      rows.write(slot, NEXT_OF_WORKER, NONE);
      if (before == NONE) {
        workers.firstReplica(holder, slot);
      } else {
        rows.write(before, NEXT_OF_WORKER, slot);
      }
      before = slot;
    }
    workers.sorted(holder, true);
  }

  void free(int slot) {
    later.free(rows.read(slot, LATER));
    rows.write(slot, LATER, RareStamps.NONE_SET);
    rows.write(slot, CHUNK, NONE);
    rows.write(slot, NEXT_OF_CHUNK, freeHead);
    freeHead = slot;
  }

  long rowHash(int slot, ChunkTable chunks, WorkerTable workers) {
    long hash = RowHash.fold(chunks.facts.hash(chunk(slot)), workers.hash(worker(slot)));
    int stamps = rows.read(slot, LATER);
    hash = RowHash.fold(hash, since(slot));
    hash = RowHash.fold(hash, later.superseded(stamps));
    hash = RowHash.fold(hash, later.released(stamps));
    hash = RowHash.fold(hash, later.readableUntil(stamps));
    hash = RowHash.fold(hash, later.missingSince(stamps));
    return RowHash.fold(hash, flags(slot));
  }

  public void forEachChangedChunk(ReplicaTable older, IntConsumer visitor) {
    rows.forEachChanged(
        older.rows,
        slot -> {
          if (isChanged(older, slot)) {
            older.visitChunk(slot, visitor);
            visitChunk(slot, visitor);
          }
        });
    BitSet stamps = later.changedSince(older.later);
    for (int slot = 0; slot < limit && !stamps.isEmpty(); slot++) {
      if (stamps.get(rows.read(slot, LATER))) {
        visitChunk(slot, visitor);
      }
    }
  }

  private boolean isChanged(ReplicaTable older, int slot) {
    boolean isChanged = slot >= limit || slot >= older.limit;
    for (int column = 0; column < NEXT_OF_WORKER && !isChanged; column++) {
      isChanged = rows.read(slot, column) != older.rows.read(slot, column);
    }
    return isChanged;
  }

  private void visitChunk(int slot, IntConsumer visitor) {
    if (slot < limit && exists(slot)) {
      visitor.accept(chunk(slot));
    }
  }

  /** Returns a table to write that shares all pages with this copy. */
  ReplicaTable fork() {
    return new ReplicaTable(this, rows.fork(), later.fork());
  }

  ReplicaTable backTo(ReplicaTable copy) {
    return copy == copied && copy.isStill(this) ? this : copy.fork();
  }

  /** Returns a copy for reading: the former one if nothing was written since. */
  ReplicaTable copy() {
    ReplicaTable known = copied;
    if (known == null || !known.isStill(this)) {
      known = new ReplicaTable(this, rows.copy(), later.copy());
      copied = known;
    }
    return known;
  }

  /** The last replica of a chunk is unlinked without a write to its row. */
  private boolean isStill(ReplicaTable now) {
    return rows == now.rows.copy() && later == now.later.copy() && count == now.count;
  }

  void copyTo(ReplicaRows.Builder rows, int slot) {
    rows.add(chunk(slot), worker(slot));
    rows.stamps(since(slot), superseded(slot), released(slot));
    rows.window(readableUntil(slot), missingSince(slot), flags(slot));
  }
}
