package dev.stowage.lifecycle.rows;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one command changed: the rows as they are afterwards, and the rows that went. A store makes
 * it durable as a whole or not at all; {@link LifecycleState#apply} lets another mirror follow.
 * Immutable. Removals of replicas come before additions: a pair may be on both lists.
 */
public final class ChangeSet {
  private final List<ChunkRow> chunks;

  /** Shared by all that have none; nobody changes it. */
  private static final BitSet NO_ROWS = new BitSet();

  private final BitSet firstNamed;
  private final BitSet reported;
  private final BitSet created;
  private final BitSet slices;
  private final List<ChunkRow> removedChunks;
  private final ReplicaRows replicas;
  private final ReplicaRows removedReplicas;
  private final List<WorkerRow> workers;
  private final List<WorkerRow> removedWorkers;
  private final List<SwapRow> swaps;
  private final List<SwapRow> removedSwaps;
  private final @Nullable FleetRow fleet;
  private final long digestBefore;
  private final long digestAfter;
  private final boolean isChange;
  private final boolean isTickOfFleet;
  private final @Nullable WorkerAssignmentId mintedWorkers;
  private final @Nullable PortalAssignmentId mintedPortals;

  private ChangeSet(Parts parts) {
    chunks = List.copyOf(parts.chunks);
    firstNamed = copyOf(parts.firstNamed);
    reported = copyOf(parts.reported);
    created = copyOf(parts.created);
    slices = copyOf(parts.slices);
    removedChunks = List.copyOf(parts.removedChunks);
    replicas = parts.replicas;
    removedReplicas = parts.removedReplicas;
    workers = List.copyOf(parts.workers);
    removedWorkers = List.copyOf(parts.removedWorkers);
    swaps = List.copyOf(parts.swaps);
    removedSwaps = List.copyOf(parts.removedSwaps);
    fleet = parts.fleet;
    digestBefore = parts.digestBefore;
    digestAfter = parts.digestAfter;
    isChange = parts.isChange;
    isTickOfFleet = parts.isTickOfFleet;
    mintedWorkers = parts.mintedWorkers;
    mintedPortals = parts.mintedPortals;
  }

  private static BitSet copyOf(@Nullable BitSet rows) {
    return rows == null ? NO_ROWS : (BitSet) rows.clone();
  }

  /** Chunk rows that are new or different. */
  public List<ChunkRow> chunks() {
    return chunks;
  }

  /**
   * Whether all that is different in a chunk row is that a worker assignment names the chunk for
   * the first time, so that a store may write this alone.
   *
   * @param row an index of {@link #chunks}
   */
  public boolean isFirstNamedOnly(int row) {
    return firstNamed.get(row);
  }

  /**
   * Whether all that is different in the row of a worker that was there before is what its reports
   * change, and the checksum of its slice, so that a store may write this alone: what it applied,
   * whether it has caught up, the reports that wait, and the checksum.
   *
   * @param row an index of {@link #workers}
   */
  public boolean isReportOnly(int row) {
    return reported.get(row);
  }

  /**
   * Whether the slice of a worker is another one than before, or was made with another inventory: a
   * store that gives deltas notes its checksum beside the assignment.
   *
   * @param row an index of {@link #workers}
   */
  public boolean isSliceChanged(int row) {
    return slices.get(row);
  }

  /**
   * Whether there was no row of this chunk before the command.
   *
   * @param row an index of {@link #chunks}
   */
  public boolean isCreated(int row) {
    return created.get(row);
  }

  /** Chunk rows that went, as they were. */
  public List<ChunkRow> removedChunks() {
    return removedChunks;
  }

  /** Replica rows that are new or different. */
  public ReplicaRows replicas() {
    return replicas;
  }

  /** Replica rows that went, as they were. */
  public ReplicaRows removedReplicas() {
    return removedReplicas;
  }

  /** Worker rows that are new or different, if only in their marks. */
  public List<WorkerRow> workers() {
    return workers;
  }

  /** Worker rows that went, as they were. */
  public List<WorkerRow> removedWorkers() {
    return removedWorkers;
  }

  /** Swap rows that are new or different. */
  public List<SwapRow> swaps() {
    return swaps;
  }

  /** Swap rows that went, as they were. */
  public List<SwapRow> removedSwaps() {
    return removedSwaps;
  }

  /** The fleet's row, if it is different, if only in its marks. */
  public Optional<FleetRow> fleet() {
    return Optional.ofNullable(fleet);
  }

  /** The state digest before the command. */
  public long digestBefore() {
    return digestBefore;
  }

  /** The state digest after it. */
  public long digestAfter() {
    return digestAfter;
  }

  /** Whether the state changed, stamps included; marks alone are no change. */
  public boolean isChange() {
    return isChange;
  }

  /** Whether there is nothing to write, not even a mark. */
  public boolean isEmpty() {
    return !isChange && workers.isEmpty() && fleet == null;
  }

  /** Whether all there is to write is that a cycle has seen a later tick than any before. */
  public boolean isTickOnly() {
    return isTickOfFleet && !isChange && workers.isEmpty();
  }

  /** The worker assignment that the command minted. */
  public Optional<WorkerAssignmentId> mintedWorkerAssignment() {
    return Optional.ofNullable(mintedWorkers);
  }

  /** The portal assignment that the command minted. */
  public Optional<PortalAssignmentId> mintedPortalAssignment() {
    return Optional.ofNullable(mintedPortals);
  }

  @Override
  public String toString() {
    return "ChangeSet["
        + chunks.size()
        + " chunks, "
        + replicas.size()
        + " replicas, "
        + removedReplicas.size()
        + " replicas gone, "
        + workers.size()
        + " workers, "
        + swaps.size()
        + " swaps, digest "
        + Long.toHexString(digestAfter)
        + "]";
  }

  /**
   * What a change set is made of; also how a store hands in what it has read. Lists are copied when
   * it is built. Not thread-safe.
   */
  public static final class Parts {
    private @Nullable BitSet firstNamed;
    private @Nullable BitSet reported;
    private @Nullable BitSet created;
    private @Nullable BitSet slices;
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

    /** Nothing yet. */
    public Parts() {}

    private static BitSet with(@Nullable BitSet rows, int row) {
      BitSet all = rows == null ? new BitSet() : rows;
      all.set(row);
      return all;
    }

    /** Whether there is no row of a chunk, a replica, a worker or a swap, and none that went. */
    public boolean isEmpty() {
      return chunks.isEmpty()
          && removedChunks.isEmpty()
          && replicas.size() + removedReplicas.size() == 0
          && workers.isEmpty()
          && removedWorkers.isEmpty()
          && swaps.isEmpty()
          && removedSwaps.isEmpty();
    }

    /** Chunk rows. */
    public Parts chunks(List<ChunkRow> rows) {
      chunks = Objects.requireNonNull(rows, "rows");
      return this;
    }

    /** The chunk row at this index was not there before. */
    public Parts created(int row) {
      created = with(created, row);
      return this;
    }

    /** See {@link ChangeSet#isFirstNamedOnly}. */
    public Parts firstNamedOnly(int row) {
      firstNamed = with(firstNamed, row);
      return this;
    }

    /** Chunk rows that went. */
    public Parts removedChunks(List<ChunkRow> rows) {
      removedChunks = Objects.requireNonNull(rows, "rows");
      return this;
    }

    /** Replica rows. */
    public Parts replicas(ReplicaRows rows) {
      replicas = Objects.requireNonNull(rows, "rows");
      return this;
    }

    /** Replica rows that went. */
    public Parts removedReplicas(ReplicaRows rows) {
      removedReplicas = Objects.requireNonNull(rows, "rows");
      return this;
    }

    /** Worker rows. */
    public Parts workers(List<WorkerRow> rows) {
      workers = Objects.requireNonNull(rows, "rows");
      return this;
    }

    /** See {@link ChangeSet#isReportOnly}. */
    public Parts reportOnly(int row) {
      reported = with(reported, row);
      return this;
    }

    /** See {@link ChangeSet#isSliceChanged}. */
    public Parts sliceChanged(int row) {
      slices = with(slices, row);
      return this;
    }

    /** Worker rows that went. */
    public Parts removedWorkers(List<WorkerRow> rows) {
      removedWorkers = Objects.requireNonNull(rows, "rows");
      return this;
    }

    /** Swap rows. */
    public Parts swaps(List<SwapRow> rows) {
      swaps = Objects.requireNonNull(rows, "rows");
      return this;
    }

    /** Swap rows that went. */
    public Parts removedSwaps(List<SwapRow> rows) {
      removedSwaps = Objects.requireNonNull(rows, "rows");
      return this;
    }

    /** The fleet's row. */
    public Parts fleet(FleetRow row) {
      fleet = Objects.requireNonNull(row, "row");
      return this;
    }

    /** All that is different in the fleet's row is the largest tick that a cycle has seen. */
    public Parts tickOfFleetOnly() {
      isTickOfFleet = true;
      return this;
    }

    /** The state is the same: what differs is marks. */
    public Parts marksOnly() {
      isChange = false;
      return this;
    }

    /** The state's digest before and after. */
    public Parts digests(long before, long after) {
      digestBefore = before;
      digestAfter = after;
      return this;
    }

    /** The worker assignment that was minted. */
    public Parts minted(WorkerAssignmentId id) {
      mintedWorkers = Objects.requireNonNull(id, "id");
      return this;
    }

    /** The portal assignment that was minted. */
    public Parts minted(PortalAssignmentId id) {
      mintedPortals = Objects.requireNonNull(id, "id");
      return this;
    }

    /** The change set. */
    public ChangeSet build() {
      return new ChangeSet(this);
    }
  }
}
