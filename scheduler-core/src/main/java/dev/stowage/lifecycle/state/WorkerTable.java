package dev.stowage.lifecycle.state;

import dev.stowage.columns.WideSum;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.shape.Shape;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The workers by dense position, with their rank in the order of ids and what they hold. */
public final class WorkerTable {
  private static final int FIRST_REPLICA = 0;
  private static final int REPLICAS = 1;
  private static final int SLICE_SUM = 2;
  private static final int BYTES = 4;
  private static final int BYTES_HIGH = 6;
  private static final int FLAGS = 7;
  private static final int HELD_WIDTH = 8;

  private static final int UNSORTED = 1;
  private static final int WHOLE = 2;

  /** The rows without the checksums of their slices. */
  private final RefPages<WorkerRow> rows;

  private final RowPages held;
  private int[] order = new int[0];
  private int[] ranks = new int[0];
  private long[] hashes = new long[0];
  private @Nullable WorkerTable copied;

  WorkerTable() {
    rows = new RefPages<>();
    held = new RowPages(HELD_WIDTH);
  }

  private WorkerTable(WorkerTable from, RefPages<WorkerRow> rows, RowPages held) {
    this.rows = rows;
    this.held = held;
    order = from.order;
    ranks = from.ranks;
    hashes = from.hashes;
  }

  public int limit() {
    return ranks.length;
  }

  public int count() {
    return order.length;
  }

  public boolean exists(int position) {
    return position >= 0 && position < limit() && rows.get(position) != null;
  }

  /** Returns a row without the checksum of its slice. */
  public WorkerRow entry(int position) {
    return Objects.requireNonNull(rows.get(position), "worker position");
  }

  @Nullable
  public WorkerRow entry(WorkerId id) {
    int position = find(id);
    return position < 0 ? null : entry(position);
  }

  public WorkerRow row(int position) {
    return entry(position).draft().with(WorkerRow.SLICE_SUM, sliceSum(position)).row();
  }

  public int find(WorkerId id) {
    int rank = firstNotBefore(id);
    return rank < order.length && entry(order[rank]).id().equals(id) ? order[rank] : -1;
  }

  private int firstNotBefore(WorkerId id) {
    int low = 0;
    int high = order.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entry(order[middle]).id().compareTo(id) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Returns positions in the order of ids; do not modify. */
  public int[] order() {
    return order;
  }

  public int[] inOrder(int[] positionsInAnyOrder) {
    int[] sorted = new int[positionsInAnyOrder.length];
    int found = 0;
    for (int position : positionsInAnyOrder) {
      if (exists(position)) {
        sorted[found++] = ranks[position];
      }
    }
    Arrays.sort(sorted, 0, found);
    for (int i = 0; i < found; i++) {
      sorted[i] = order[sorted[i]];
    }
    return Arrays.copyOf(sorted, found);
  }

  int rank(int position) {
    return ranks[position];
  }

  long hash(int position) {
    return hashes[position];
  }

  /** Returns the lowest position without a worker, so that every mirror reuses the same ones. */
  public int nextPosition() {
    int position = 0;
    while (exists(position)) {
      position++;
    }
    return position;
  }

  /** Puts a row in place of that of its worker, or inserts it. */
  public void put(WorkerRow row) {
    int position = row.position();
    boolean isKnown = exists(position);
    rows.put(position, row);
    if (!isKnown) {
      int at = firstNotBefore(row.id());
      int[] wider = new int[order.length + 1];
      System.arraycopy(order, 0, wider, 0, at);
      wider[at] = position;
      System.arraycopy(order, at, wider, at + 1, order.length - at);
      reorder(wider, Math.max(limit(), position + 1));
      hashes = Arrays.copyOf(hashes, limit());
      hashes[position] = KeyHash.of(row.id());
      held.reserve(position);
      held.write(position, FIRST_REPLICA, ReplicaTable.NONE);
      sorted(position, true);
      missing(position, true);
    }
  }

  WorkerRow write(int position, UnaryOperator<Shape.Draft<WorkerRow>> change) {
    WorkerRow row = change.apply(entry(position).draft()).row();
    rows.put(position, row);
    return row;
  }

  void remove(int position) {
    reorder(Arrays.stream(order).filter(other -> other != position).toArray(), limit());
    rows.remove(position);
  }

  /** Writes new arrays, because a copy reads the old ones. */
  private void reorder(int[] positionsInOrder, int limit) {
    order = positionsInOrder;
    ranks = new int[limit];
    for (int rank = 0; rank < order.length; rank++) {
      ranks[order[rank]] = rank;
    }
  }

  public int firstReplica(int position) {
    return held.read(position, FIRST_REPLICA);
  }

  public int replicas(int position) {
    return held.read(position, REPLICAS);
  }

  public WideSum footprintBytes(int position) {
    return WideSum.of(held.read(position, BYTES_HIGH), held.readLong(position, BYTES));
  }

  public long sliceSum(int position) {
    return held.readLong(position, SLICE_SUM);
  }

  /** Reports whether the list of its replicas is in descending order of {@code since}. */
  public boolean isSorted(int position) {
    return (held.read(position, FLAGS) & UNSORTED) == 0;
  }

  /** Reports whether a replica on it may be missing. */
  public boolean mayMiss(int position) {
    return (held.read(position, FLAGS) & WHOLE) == 0;
  }

  void firstReplica(int position, int slot) {
    held.write(position, FIRST_REPLICA, slot);
  }

  /** Counts a replica that came, with a sign of 1, or went, with -1. */
  void count(int position, int sign, long sizeBytes) {
    held.write(position, REPLICAS, replicas(position) + sign);
    WideSum bytes = footprintBytes(position);
    bytes.addSigned(sizeBytes, sign);
    held.writeLong(position, BYTES, bytes.low());
    held.write(position, BYTES_HIGH, (int) bytes.high());
  }

  public void sliceSum(int position, long sum) {
    held.writeLong(position, SLICE_SUM, sum);
  }

  void sorted(int position, boolean is) {
    flag(position, UNSORTED, !is);
  }

  public void missing(int position, boolean may) {
    flag(position, WHOLE, !may);
  }

  private void flag(int position, int flag, boolean is) {
    int flags = held.read(position, FLAGS);
    int changed = is ? flags | flag : flags & ~flag;
    if (changed != flags) {
      held.write(position, FLAGS, changed);
    }
  }

  /** Visits the workers whose rows or replicas differ, perhaps twice. */
  void forEachChanged(WorkerTable older, IntConsumer visitor) {
    rows.forEachChanged(older.rows, visitor);
    held.forEachChanged(older.held, visitor);
  }

  /** Returns a table to write that shares all pages with this copy. */
  WorkerTable fork() {
    return new WorkerTable(this, rows.fork(), held.fork());
  }

  /** Returns a copy for reading: the former one if nothing was written since. */
  public WorkerTable copy() {
    WorkerTable known = copied;
    if (known == null || !known.isStill(this)) {
      known = new WorkerTable(this, rows.copy(), held.copy());
      copied = known;
    }
    return known;
  }

  private boolean isStill(WorkerTable now) {
    return rows == now.rows.copy() && held == now.held.copy() && order == now.order;
  }

  /** Returns a table with the rows of a former copy. */
  WorkerTable backTo(WorkerTable copy) {
    return copy == copied && copy.isStill(this) ? this : copy.fork();
  }
}
