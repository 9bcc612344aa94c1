package dev.stowage.lifecycle.rows;

import dev.stowage.columns.ArrayGrowth;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one command changed and removed, durable as a whole or not at all. Apply removals
 * of replicas before additions: a pair may be in both. Immutable.
 */
public final class ChangeSet {
  /** Shared by all change sets without such rows; never modified. */
  private static final BitSet NO_ROWS = new BitSet();

  private static final int[] NO_POSITIONS = {};

  private final Parts parts;

  private ChangeSet(Parts parts) {
    this.parts = parts;
  }

  /** Returns new and changed chunk rows. */
  public List<ChunkRow> chunks() {
    return parts.chunks;
  }

  /** Reports whether the chunk row at this index differs only in its first worker assignment. */
  public boolean isFirstNamedOnly(int row) {
    return parts.firstNamed.get(row);
  }

  /** Reports whether the worker row at this index changed only by reports and in its checksum. */
  public boolean isReportOnly(int row) {
    return parts.reported.get(row);
  }

  /** Reports whether slice or inventory changed for the worker row at this index. */
  public boolean isSliceChanged(int row) {
    return parts.slices.get(row);
  }

  /** Reports whether the command created the chunk row at this index. */
  public boolean isCreated(int row) {
    return parts.created.get(row);
  }

  /** Returns removed chunk rows, as they were. */
  public List<ChunkRow> removedChunks() {
    return parts.removedChunks;
  }

  /** Returns new and changed replica rows. */
  public ReplicaRows replicas() {
    return parts.replicas;
  }

  /** Returns removed replica rows, as they were. */
  public ReplicaRows removedReplicas() {
    return parts.removedReplicas;
  }

  /** Returns new and changed worker rows, including those that differ only in marks. */
  public List<WorkerRow> workers() {
    return parts.workers;
  }

  /** Returns removed worker rows, as they were. */
  public List<WorkerRow> removedWorkers() {
    return parts.removedWorkers;
  }

  /** Returns new and changed swap rows. */
  public List<SwapRow> swaps() {
    return parts.swaps;
  }

  /** Returns removed swap rows, as they were. */
  public List<SwapRow> removedSwaps() {
    return parts.removedSwaps;
  }

  /** Returns the fleet's row if it changed, even only in its marks. */
  public Optional<FleetRow> fleet() {
    return Optional.ofNullable(parts.fleet);
  }

  /** Returns the state digest before the command. */
  public long digestBefore() {
    return parts.digestBefore;
  }

  /** Returns the state digest after the command. */
  public long digestAfter() {
    return parts.digestAfter;
  }

  /** Reports whether the state changed, stamps included; marks alone are no change. */
  public boolean isChange() {
    return parts.isChange;
  }

  /** Reports whether there is nothing to write, not even a mark. */
  public boolean isEmpty() {
    return !parts.isChange && parts.workers.isEmpty() && parts.fleet == null;
  }

  /** Reports whether only the largest tick of any cycle is to be written. */
  public boolean isTickOnly() {
    return parts.isTickOfFleet && !parts.isChange && parts.workers.isEmpty();
  }

  /** Returns the worker assignment that the command minted. */
  public Optional<WorkerAssignmentId> mintedWorkerAssignment() {
    return Optional.ofNullable(parts.mintedWorkers);
  }

  /** Returns the portal assignment that the command minted. */
  public Optional<PortalAssignmentId> mintedPortalAssignment() {
    return Optional.ofNullable(parts.mintedPortals);
  }

  /**
   * Returns positions of chunks whose routes the minted portal assignment changes because a worker
   * has another zone, though no row of theirs changed.
   */
  public int[] rerouted() {
    return parts.rerouted.clone();
  }

  @Override
  public String toString() {
    return "ChangeSet["
        + parts.chunks.size()
        + " chunks, "
        + parts.replicas.size()
        + " replicas, "
        + parts.removedReplicas.size()
        + " replicas gone, "
        + parts.workers.size()
        + " workers, "
        + parts.swaps.size()
        + " swaps, digest "
        + Long.toHexString(parts.digestAfter)
        + "]";
  }

  /** The parts of a change set, or the rows that a store has read. Not thread-safe. */
  public static final class Parts implements Cloneable {
    private BitSet firstNamed = NO_ROWS;
    private BitSet reported = NO_ROWS;
    private BitSet created = NO_ROWS;
    private BitSet slices = NO_ROWS;
    private List<ChunkRow> chunks = List.of();
    private List<ChunkRow> removedChunks = List.of();
    private ReplicaRows replicas = ReplicaRows.EMPTY;
    private ReplicaRows removedReplicas = ReplicaRows.EMPTY;
    private List<WorkerRow> workers = List.of();
    private List<WorkerRow> removedWorkers = List.of();
    private List<SwapRow> swaps = List.of();
    private List<SwapRow> removedSwaps = List.of();
    private @Nullable FleetRow fleet;
    private long digestBefore;
    private long digestAfter;
    private boolean isChange = true;
    private boolean isTickOfFleet;
    private @Nullable WorkerAssignmentId mintedWorkers;
    private @Nullable PortalAssignmentId mintedPortals;
    private int[] rerouted = NO_POSITIONS;

    /** Creates empty parts. */
    public Parts() {}

    private static BitSet copyOf(BitSet rows) {
      return rows == NO_ROWS ? NO_ROWS : (BitSet) rows.clone();
    }

    private static BitSet with(BitSet rows, int row) {
      BitSet all = rows == NO_ROWS ? new BitSet() : rows;
      all.set(row);
      return all;
    }

    /** Reports whether there are no rows of chunks, replicas, workers or swaps. */
    public boolean isEmpty() {
      return chunks.isEmpty()
          && removedChunks.isEmpty()
          && replicas.size() + removedReplicas.size() == 0
          && workers.isEmpty()
          && removedWorkers.isEmpty()
          && swaps.isEmpty()
          && removedSwaps.isEmpty();
    }

    /** Sets the chunk rows. */
    public Parts chunks(List<ChunkRow> rows) {
      chunks = List.copyOf(rows);
      return this;
    }

    /** Marks the chunk row at this index as created. */
    public Parts created(int row) {
      created = with(created, row);
      return this;
    }

    /** Sets {@link ChangeSet#isFirstNamedOnly}. */
    public Parts firstNamedOnly(int row) {
      firstNamed = with(firstNamed, row);
      return this;
    }

    /** Sets the removed chunk rows. */
    public Parts removedChunks(List<ChunkRow> rows) {
      removedChunks = List.copyOf(rows);
      return this;
    }

    /** Sets the replica rows. */
    public Parts replicas(ReplicaRows rows) {
      replicas = Objects.requireNonNull(rows, "rows");
      return this;
    }

    /** Sets the removed replica rows. */
    public Parts removedReplicas(ReplicaRows rows) {
      removedReplicas = Objects.requireNonNull(rows, "rows");
      return this;
    }

    /** Sets the worker rows. */
    public Parts workers(List<WorkerRow> rows) {
      workers = List.copyOf(rows);
      return this;
    }

    /** Sets {@link ChangeSet#isReportOnly}. */
    public Parts reportOnly(int row) {
      reported = with(reported, row);
      return this;
    }

    /** Sets {@link ChangeSet#isSliceChanged}. */
    public Parts sliceChanged(int row) {
      slices = with(slices, row);
      return this;
    }

    /** Sets the removed worker rows. */
    public Parts removedWorkers(List<WorkerRow> rows) {
      removedWorkers = List.copyOf(rows);
      return this;
    }

    /** Sets the swap rows. */
    public Parts swaps(List<SwapRow> rows) {
      swaps = List.copyOf(rows);
      return this;
    }

    /** Sets the removed swap rows. */
    public Parts removedSwaps(List<SwapRow> rows) {
      removedSwaps = List.copyOf(rows);
      return this;
    }

    /** Sets the fleet's row. */
    public Parts fleet(FleetRow row) {
      fleet = Objects.requireNonNull(row, "row");
      return this;
    }

    /** Marks the fleet's row as different only in the largest tick of any cycle. */
    public Parts tickOfFleetOnly() {
      isTickOfFleet = true;
      return this;
    }

    /** Marks the change set as no change of the state, but of marks. */
    public Parts marksOnly() {
      isChange = false;
      return this;
    }

    /** Sets the digests of the state. */
    public Parts digests(long before, long after) {
      digestBefore = before;
      digestAfter = after;
      return this;
    }

    /** Sets the minted worker assignment. */
    public Parts minted(WorkerAssignmentId id) {
      mintedWorkers = Objects.requireNonNull(id, "id");
      return this;
    }

    /** Sets the minted portal assignment. */
    public Parts minted(PortalAssignmentId id) {
      mintedPortals = Objects.requireNonNull(id, "id");
      return this;
    }

    /** Sets {@link ChangeSet#rerouted}. */
    public Parts rerouted(int[] chunks) {
      rerouted = chunks.clone();
      return this;
    }

    /** Returns the change set, which does not follow these parts. */
    public ChangeSet build() {
      try {
        Parts built = (Parts) super.clone();
        built.firstNamed = copyOf(firstNamed);
        built.reported = copyOf(reported);
        built.created = copyOf(created);
        built.slices = copyOf(slices);
        return new ChangeSet(built);
      } catch (CloneNotSupportedException impossible) {
        throw new AssertionError(impossible);
      }
    }
  }

  /** Replica rows in columns, by positions of {@link ChunkRow} and {@link WorkerRow}. Immutable. */
  public static final class ReplicaRows {
    /** No rows. */
    public static final ReplicaRows EMPTY = new ReplicaRows(0);

    private final int[] chunk;
    private final int[] worker;
    private final long[] since;
    private final long[] superseded;
    private final long[] released;
    private final long[] readableUntil;
    private final long[] missingSince;
    private final byte[] flags;
    private final boolean[] fresh;

    private ReplicaRows(int capacity) {
      chunk = new int[capacity];
      worker = new int[capacity];
      since = new long[capacity];
      superseded = new long[capacity];
      released = new long[capacity];
      readableUntil = new long[capacity];
      missingSince = new long[capacity];
      flags = new byte[capacity];
      fresh = new boolean[capacity];
    }

    private ReplicaRows(ReplicaRows from, int capacity) {
      chunk = Arrays.copyOf(from.chunk, capacity);
      worker = Arrays.copyOf(from.worker, capacity);
      since = Arrays.copyOf(from.since, capacity);
      superseded = Arrays.copyOf(from.superseded, capacity);
      released = Arrays.copyOf(from.released, capacity);
      readableUntil = Arrays.copyOf(from.readableUntil, capacity);
      missingSince = Arrays.copyOf(from.missingSince, capacity);
      flags = Arrays.copyOf(from.flags, capacity);
      fresh = Arrays.copyOf(from.fresh, capacity);
    }

    /** Creates a builder with initial room for {@code expected} rows. */
    public static Builder builder(int expected) {
      return new Builder(expected);
    }

    /** Returns the number of rows. */
    public int size() {
      return chunk.length;
    }

    /** Returns the position of the chunk. */
    public int chunk(int row) {
      return chunk[row];
    }

    /** Returns the position of the worker. */
    public int worker(int row) {
      return worker[row];
    }

    /** Returns the worker assignment in which the pair first appeared. */
    public long since(int row) {
      return since[row];
    }

    /** Returns the worker assignment that stopped wanting it, 0 for none. */
    public long supersededAt(int row) {
      return superseded[row];
    }

    /** Returns the portal assignment in which it was released, 0 for none. */
    public long releasedAt(int row) {
      return released[row];
    }

    /** Returns the tick at which its window ends, 0 for none. */
    public long readableUntil(int row) {
      return readableUntil[row];
    }

    /** Returns the tick since which it is missing, -1 if it is not. */
    public long missingSince(int row) {
      return missingSince[row];
    }

    /**
     * Returns bit 0: the newest portal assignment names it; bit 1: its disk is gone; above them the
     * ordinal of its {@link dev.stowage.lifecycle.Origin}.
     */
    public int flags(int row) {
      return flags[row];
    }

    /**
     * Reports whether the command certainly created the row, so that a store may insert blindly.
     */
    public boolean isFresh(int row) {
      return fresh[row];
    }

    /** Collects rows. Not thread-safe. */
    public static final class Builder {
      private ReplicaRows rows;
      private int size;

      private Builder(int expected) {
        rows = new ReplicaRows(Math.max(1, expected));
      }

      /** Begins a row; {@link #stamps} and {@link #window} complete it. */
      public Builder add(int chunkPosition, int workerPosition) {
        if (size == rows.size()) {
          long wanted = size + Math.max(16L, size >> 1);
          rows = new ReplicaRows(rows, ArrayGrowth.capacity(wanted, size + 1L));
        }
        rows.chunk[size] = chunkPosition;
        rows.worker[size] = workerPosition;
        rows.missingSince[size] = -1;
        size++;
        return this;
      }

      /** Sets the assignments of the last row: since, superseded at, released at; 0 for none. */
      public Builder stamps(long sinceId, long supersededAt, long releasedAt) {
        int row = last();
        rows.since[row] = sinceId;
        rows.superseded[row] = supersededAt;
        rows.released[row] = releasedAt;
        return this;
      }

      /** Sets the end and missing ticks of the last row, and its {@link ReplicaRows#flags}. */
      public Builder window(long until, long missingTick, int bits) {
        int row = last();
        rows.readableUntil[row] = until;
        rows.missingSince[row] = missingTick;
        rows.flags[row] = (byte) bits;
        return this;
      }

      /** Marks the last row as created. */
      public Builder fresh() {
        rows.fresh[last()] = true;
        return this;
      }

      /** Returns the rows. */
      public ReplicaRows build() {
        return new ReplicaRows(rows, size);
      }

      private int last() {
        return Objects.checkIndex(size - 1, rows.size());
      }
    }
  }
}
