package dev.stowage.lifecycle;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Publisher;
import dev.stowage.lifecycle.documents.RetainedAssignments;
import dev.stowage.lifecycle.documents.WorkerAssignment;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.RowLoader;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state of one fleet, written by {@link Lifecycle#execute} alone, on one thread. Other threads
 * read {@link #workerAssignment}, {@link #portalAssignment} or a {@link #snapshot}.
 */
public final class LifecycleState extends LifecycleView {
  private final Tables tables;
  private final Publisher publisher;

  /** The commands that can be rolled back, the last first: one, or those since {@link #hold}. */
  private final ArrayDeque<Undoable> undoable = new ArrayDeque<>();

  private boolean isHolding;

  private record Undoable(ChangeSet changes, Journal journal, Publisher.Shown before) {}

  private LifecycleState(Tables tables) {
    this.tables = tables;
    publisher = new Publisher(tables);
  }

  /** Creates a fleet without chunks and workers, at version 1 of the configuration. */
  public static LifecycleState empty(LifecycleConfig config, Lineage lineage) {
    return new LifecycleState(new Tables(FleetRow.first(config, lineage)));
  }

  /** Rebuilds the state from the rows of a store, ignoring removals. */
  public static LifecycleState load(FleetRow fleet, ChangeSet.Parts rows) {
    return load(fleet, rows, RetainedAssignments.NONE);
  }

  /** Rebuilds the state from rows, ignoring removals, and from matching retained assignments. */
  public static LifecycleState load(
      FleetRow fleet, ChangeSet.Parts rows, RetainedAssignments retained) {
    ChangeSet all = rows.build();
    LifecycleState state = builder(fleet, all.chunks().size()).all(all).build();
    state.publisher.adopt(retained);
    return state;
  }

  /** Creates a builder from rows; {@code expectedChunks} is an estimate of at least 0. */
  public static Builder builder(FleetRow fleet, int expectedChunks) {
    return new Builder(new Tables(fleet), expectedChunks);
  }

  /**
   * Undoes the last command executed, and then perhaps the one before it, if both came after {@link
   * #hold}; throws {@code IllegalStateException} for any other.
   */
  public void rollback(ChangeSet changes) {
    Undoable last = undoable.peek();
    if (last == null || last.changes() != changes) {
      throw new IllegalStateException("only the last command executed can be rolled back");
    }
    undoable.pop();
    last.journal().undo();
    publisher.revert(last.before());
  }

  /**
   * Settles the commands before, and keeps those that follow open to {@link #rollback} until {@link
   * #settle}, not only the last one. Their old values cost memory in proportion to their changes.
   */
  public void hold() {
    settle();
    isHolding = true;
  }

  /** Applies changes of a mirror; throws {@code IllegalStateException} if they do not follow. */
  public void apply(ChangeSet changes) {
    if (changes.digestBefore() != digest()) {
      throw new IllegalStateException(
          "the change set follows on digest "
              + Long.toHexString(changes.digestBefore())
              + "; the state has "
              + Long.toHexString(digest()));
    }
    settle();
    RowLoader.apply(tables, changes);
    publisher.refresh(changes);
    publisher.purge();
  }

  /** Copies the state for reading; costs in proportion to what changed since the last copy. */
  public LifecycleSnapshot snapshot() {
    return new LifecycleSnapshot(tables.copy(), publisher.shown());
  }

  /** Advances the largest tick of any cycle. The command before can no longer be rolled back. */
  public void seen(Tick tick) {
    seen(tick, FleetRow.Time.UNREAD);
  }

  /** Advances the largest tick and its clock, in nanoseconds or {@link FleetRow.Time#UNREAD}. */
  public void seen(Tick tick, long clockNanos) {
    settle();
    tables.time.seen(tick.value(), clockNanos);
  }

  /**
   * Sets the store's clock and the length of a tick, in nanoseconds, to check later times by;
   * {@link FleetRow.Time#UNREAD} without a clock. Changes no row until the next executed cycle.
   */
  public void reads(long clockNanos, long tickNanos) {
    tables.time.reads(clockNanos, tickNanos);
  }

  @Override
  @SuppressWarnings("exports")
  public Tables tables() {
    return tables;
  }

  @Override
  Publisher.Shown shown() {
    return publisher.shown();
  }

  /** Returns the newest worker assignment; immutable, for any thread. */
  @Override
  public WorkerAssignment workerAssignment() {
    return publisher.workers();
  }

  /** Returns the newest portal assignment; immutable, for any thread. */
  @Override
  public PortalAssignment portalAssignment() {
    return publisher.portals();
  }

  @Override
  public List<WorkerId> strainedWorkers() {
    return publisher.strained();
  }

  Journal begin() {
    Undoable last = undoable.peek();
    if (!isHolding) {
      settle();
    } else if (last != null) {
      last.journal().detach();
    }
    return new Journal(tables);
  }

  ChangeSet commit(Journal journal) {
    ChangeSet changes = journal.finish();
    undoable.push(new Undoable(changes, journal, publisher.shown()));
    publisher.refresh(changes);
    publisher.purge();
    return changes;
  }

  /**
   * Settles all commands executed: they can no longer be rolled back, and the old values that a
   * rollback needs are dropped. Ends {@link #hold}.
   */
  public void settle() {
    isHolding = false;
    while (!undoable.isEmpty()) {
      // In the order of execution, so that slots are reused as if each had been settled alone.
      undoable.removeLast().journal().seal();
    }
  }

  /**
   * Takes the rows of a store one by one and keeps none of them. Add workers and chunks before
   * their replicas. Good for one state. Not thread-safe.
   */
  public static final class Builder {
    /** Limits the room made in advance, because the expected number may be wrong. */
    private static final int MOST_EXPECTED = 1 << 24;

    private final Tables tables;
    private final List<SwapRow> swaps = new ArrayList<>();
    private final Map<Integer, Long> sliceSums = new TreeMap<>();
    private int slot = ReplicaTable.NONE;
    private boolean isBuilt;

    private Builder(Tables tables, int expectedChunks) {
      this.tables = tables;
      tables.chunks.expect(Math.min(expectedChunks, MOST_EXPECTED));
    }

    /** Adds a worker. */
    public Builder worker(WorkerRow row) {
      requireOpen();
      tables.workers.put(row);
      tables.reindexWorker(row.position());
      Long sum = row.sliceSum();
      if (sum != null) {
        sliceSums.put(row.position(), sum);
      }
      return this;
    }

    /** Adds a chunk; throws {@code IllegalArgumentException} if its position is taken. */
    public Builder chunk(ChunkRow row) {
      requireOpen();
      int position = row.position();
      if (tables.chunks.exists(position)) {
        throw new IllegalArgumentException(
            "chunk "
                + row.key()
                + " is at position "
                + position
                + ", which is that of "
                + tables.chunks.facts.key(position));
      }
      tables.chunks.put(row);
      if (tables.waits(position)) {
        tables.waiting(position, 1);
      }
      return this;
    }

    /** Adds a swap. */
    public Builder swap(SwapRow row) {
      requireOpen();
      swaps.add(row);
      return this;
    }

    /**
     * Adds a replica by positions of chunk and worker, with its first worker assignment. Throws
     * {@code IllegalArgumentException} if chunk or worker is absent, or the replica is present.
     */
    public Builder replica(int chunk, int worker, long since) {
      requireOpen();
      requireThere(tables.chunks.exists(chunk), "chunk", chunk);
      requireThere(tables.workers.exists(worker), "worker", worker);
      if (tables.replicas.find(chunk, worker, tables.chunks) != ReplicaTable.NONE) {
        throw new IllegalArgumentException(
            "the replica of "
                + tables.chunks.facts.key(chunk)
                + " on "
                + tables.workers.entry(worker).id()
                + " is given twice");
      }
      slot = tables.replicas.add(chunk, worker, since, tables.chunks, tables.workers);
      tables.work.pairs.add(chunk, worker);
      return this;
    }

    /** Sets the assignments that superseded and released the last replica, 0 for none. */
    public Builder ending(long supersededAt, long releasedAt) {
      tables.replicas.superseded(slot, supersededAt);
      tables.replicas.released(slot, releasedAt);
      return this;
    }

    /**
     * Sets for the last replica the tick at which its window ends, 0 for none, the tick since which
     * it is missing, -1 if it is not, and {@link ReplicaRows#flags}.
     */
    public Builder window(long until, long missingSince, int flags) {
      tables.replicas.readableUntil(slot, until);
      tables.replicas.missingSince(slot, missingSince);
      tables.replicas.flags(slot, flags);
      return this;
    }

    /** Returns the published state; throws {@code IllegalArgumentException} for wrong checksums. */
    public LifecycleState build() {
      requireOpen();
      isBuilt = true;
      swaps.forEach(row -> tables.swaps.put(row, tables.chunks));
      for (int chunk = 0; chunk < tables.chunks.limit(); chunk++) {
        tables.reindex(chunk);
      }
      LifecycleState state = new LifecycleState(tables);
      sliceSums.forEach(this::requireSum);
      tables.digest = tables.fullDigest();
      state.publisher.publishAll();
      return state;
    }

    private Builder all(ChangeSet rows) {
      rows.workers().forEach(this::worker);
      rows.chunks().forEach(this::chunk);
      rows.swaps().forEach(this::swap);
      ReplicaRows replicas = rows.replicas();
      for (int row = 0; row < replicas.size(); row++) {
        replica(replicas.chunk(row), replicas.worker(row), replicas.since(row));
        ending(replicas.supersededAt(row), replicas.releasedAt(row));
        window(replicas.readableUntil(row), replicas.missingSince(row), replicas.flags(row));
      }
      return this;
    }

    private void requireSum(int worker, long kept) {
      long found = tables.workers.sliceSum(worker);
      if (found != kept) {
        throw new IllegalArgumentException(
            "the replicas on worker "
                + tables.workers.entry(worker).id()
                + " do not add up to the checksum of its slice, "
                + Long.toHexString(kept)
                + ", but to "
                + Long.toHexString(found));
      }
    }

    private void requireOpen() {
      if (isBuilt) {
        throw new IllegalStateException("build was called before; a builder builds one state");
      }
    }

    private static void requireThere(boolean isThere, String what, int position) {
      if (!isThere) {
        throw new IllegalArgumentException(
            "a replica names the " + what + " at position " + position + ", where there is none");
      }
    }
  }
}
