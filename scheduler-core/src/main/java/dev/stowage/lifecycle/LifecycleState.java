package dev.stowage.lifecycle;

import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Publisher;
import dev.stowage.lifecycle.documents.RetainedAssignments;
import dev.stowage.lifecycle.documents.WorkerAssignment;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.ReplicaRows;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.FleetFields;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.RowLoader;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WorkerEntry;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The state of one fleet: a mutable mirror in flat arrays. Written by {@link Lifecycle#execute}
 * alone, by one thread; readers on other threads take {@link #workerAssignment}, {@link
 * #portalAssignment} or a {@link #snapshot}.
 */
public final class LifecycleState extends LifecycleView {
  private final Tables tables;
  private final Publisher publisher;
  private @Nullable ChangeSet last;
  private @Nullable Journal lastJournal;

  private LifecycleState(Tables tables) {
    this.tables = tables;
    publisher = new Publisher(tables);
  }

  /** A fleet that begins: no chunk, no worker, version 1 of the configuration. */
  public static LifecycleState empty(LifecycleConfig config, Lineage lineage) {
    return new LifecycleState(new Tables(FleetFields.first(config, lineage)));
  }

  /**
   * Rebuilds the state from the rows of a store.
   *
   * @param fleet the fleet's row
   * @param rows all other rows; removals are not looked at
   */
  public static LifecycleState load(FleetRow fleet, ChangeSet.Parts rows) {
    return load(fleet, rows, RetainedAssignments.NONE);
  }

  /**
   * Rebuilds the state from the rows of a store that also kept what was published from them, so
   * that consumers of older assignments go on with deltas.
   *
   * @param fleet the fleet's row
   * @param rows all other rows; removals are not looked at
   * @param retained what another mirror had retained when it stood at these rows; not used if it
   *     ends with other assignments than the rows do
   */
  public static LifecycleState load(
      FleetRow fleet, ChangeSet.Parts rows, RetainedAssignments retained) {
    ChangeSet all = rows.build();
    LifecycleState state = builder(fleet, all.chunks().size()).all(all).build();
    state.publisher.adopt(retained);
    return state;
  }

  /**
   * Rebuilds the state from the rows of a store as they are read.
   *
   * @param fleet the fleet's row
   * @param expectedChunks about how many chunks come, at least 0
   */
  public static Builder builder(FleetRow fleet, int expectedChunks) {
    return new Builder(new Tables(fleet), expectedChunks);
  }

  /**
   * Builds a state from a few rows of a large fleet: those that one command is decided on. Good for
   * commands of which only the rows and the answer are used; chunk numbers are not those that the
   * whole would give, its digest says nothing, and it has published nothing.
   *
   * @param fleet the fleet's row
   * @param rows the rows that the command may look at, at any places
   * @param waitingChunks how many chunks of the whole wait for their first placement
   * @param waitingBytes their size
   */
  public static LifecycleState loadPart(
      FleetRow fleet, ChangeSet.Parts rows, long waitingChunks, long waitingBytes) {
    ChangeSet near = rows.build();
    Builder builder = new Builder(Tables.ofPart(fleet), near.chunks().size());
    LifecycleState state = builder.all(near).unpublished();
    state.tables.waitingInAll(waitingChunks, waitingBytes);
    return state;
  }

  /**
   * Undoes a command whose change set could not be made durable.
   *
   * @throws IllegalStateException if it is not the last one executed on this state
   */
  public void rollback(ChangeSet changes) {
    Journal journal = lastJournal;
    if (changes != last || journal == null) {
      throw new IllegalStateException("only the last command executed can be rolled back");
    }
    journal.undo();
    last = null;
    lastJournal = null;
    publisher.revert();
  }

  /**
   * Follows a command that another mirror of the same rows executed.
   *
   * @throws IllegalStateException if the change set does not follow on this state
   */
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

  /** A copy for reading; costs in proportion to all that is stored. */
  public LifecycleSnapshot snapshot() {
    return new LifecycleSnapshot(tables.copy());
  }

  /** The newest worker assignment; immutable, may be handed to any thread. */
  public WorkerAssignment workerAssignment() {
    return publisher.workers();
  }

  /** The newest portal assignment; immutable, may be handed to any thread. */
  public PortalAssignment portalAssignment() {
    return publisher.portals();
  }

  /** The retained worker assignments, oldest first, the newest included. */
  public List<WorkerAssignment> retainedWorkerAssignments() {
    return publisher.workerHistory();
  }

  /** The retained portal assignments, oldest first, the newest included. */
  public List<PortalAssignment> retainedPortalAssignments() {
    return publisher.portalHistory();
  }

  /** Both lists, to be handed to {@link #load} by a store that keeps them. */
  public RetainedAssignments retainedAssignments() {
    return publisher.retained();
  }

  /** All rows, as a store would hand them to {@link #load}. */
  public ChangeSet.Parts rows() {
    return RowLoader.rows(tables);
  }

  /**
   * Takes in that a cycle has seen this tick, as a store tells of cycles that left nothing else
   * behind. The command before can no longer be rolled back.
   */
  public void seen(Tick tick) {
    seen(tick, FleetRow.Time.UNREAD);
  }

  /**
   * The same, with what the clock of the store showed then.
   *
   * @param clockNanos the reading; {@link FleetRow.Time#UNREAD} where there was none
   */
  public void seen(Tick tick, long clockNanos) {
    settle();
    tables.fleet.seen(tick.value(), clockNanos);
  }

  /**
   * Takes in what the clock of the store shows now, by which times that are told from here on are
   * judged. No change, and in no row; a cycle that is executed keeps it beside its tick.
   *
   * @param clockNanos the reading; {@link FleetRow.Time#UNREAD} where there is none
   * @param tickNanos how long a tick lasts, above zero
   */
  public void reads(long clockNanos, long tickNanos) {
    tables.fleet.reads(clockNanos, tickNanos);
  }

  @Override
  Tables tables() {
    return tables;
  }

  Publisher publisher() {
    return publisher;
  }

  /** Begins a command: the one before it can no longer be rolled back. */
  Journal begin() {
    settle();
    return new Journal(tables);
  }

  /** Ends a command. */
  ChangeSet commit(Journal journal) {
    ChangeSet changes = journal.finish();
    last = changes;
    lastJournal = journal;
    publisher.refresh(changes);
    return changes;
  }

  private void settle() {
    Journal before = lastJournal;
    if (before != null) {
      before.seal();
    }
    last = null;
    lastJournal = null;
  }

  /**
   * Takes the rows of a store one by one, so that none is kept longer than it takes to enter it.
   * Workers and chunks come in any order, each before the replicas that name it; swaps come at any
   * time. Good for one state. Not thread-safe.
   */
  public static final class Builder {
    /** Room is made for no more than this before they come: a guess may be wild. */
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

    /** Takes a worker. */
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

    /**
     * Takes a chunk.
     *
     * @throws IllegalArgumentException if another one is at its position
     */
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

    /** Takes a swap. */
    public Builder swap(SwapRow row) {
      requireOpen();
      swaps.add(row);
      return this;
    }

    /**
     * Takes a replica; {@link #ending} and {@link #window} add what else is known of it.
     *
     * @param chunk the position of its chunk
     * @param worker the position of its worker
     * @param since the worker assignment in which the pair first appeared
     * @throws IllegalArgumentException if one of them is not there, or the replica is already
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
                + tables.workers.entry(worker).description.id()
                + " is there twice");
      }
      slot = tables.replicas.add(chunk, worker, since, tables.chunks, tables.workers);
      return this;
    }

    /**
     * Why the last replica may go.
     *
     * @param supersededAt the worker assignment that stopped wanting it, 0 for none
     * @param releasedAt the portal assignment in which it was released, 0 for none
     */
    public Builder ending(long supersededAt, long releasedAt) {
      tables.replicas.superseded(slot, supersededAt);
      tables.replicas.released(slot, releasedAt);
      return this;
    }

    /**
     * When the last replica may be read, and by whom.
     *
     * @param until the tick at which its window ends, 0 for none
     * @param missingSince since which tick it is missing, -1 if it is not
     * @param flags whether the newest portal assignment names it (bit 0), and its disk is gone (bit
     *     1)
     */
    public Builder window(long until, long missingSince, int flags) {
      tables.replicas.readableUntil(slot, until);
      tables.replicas.missingSince(slot, missingSince);
      tables.replicas.flags(slot, flags);
      return this;
    }

    /**
     * The state, published as its store's newest assignments say.
     *
     * @throws IllegalArgumentException naming a worker whose replicas do not add up to the checksum
     *     in its row
     */
    public LifecycleState build() {
      LifecycleState state = unpublished();
      sliceSums.forEach(this::requireSum);
      tables.digest = tables.fullDigest();
      state.publisher.publishAll();
      return state;
    }

    private LifecycleState unpublished() {
      requireOpen();
      isBuilt = true;
      swaps.forEach(row -> tables.swaps.put(row, tables.chunks));
      for (int chunk = 0; chunk < tables.chunks.limit(); chunk++) {
        tables.reindex(chunk);
      }
      return new LifecycleState(tables);
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
      WorkerEntry entry = tables.workers.entry(worker);
      if (entry.sliceSum != kept) {
        throw new IllegalArgumentException(
            "the replicas on worker "
                + entry.description.id()
                + " do not add up to the checksum of its slice, "
                + Long.toHexString(kept)
                + ", but to "
                + Long.toHexString(entry.sliceSum));
      }
    }

    private void requireOpen() {
      if (isBuilt) {
        throw new IllegalStateException("the state is built already; 1 is accepted");
      }
    }

    private static void requireThere(boolean isThere, String what, int position) {
      if (!isThere) {
        throw new IllegalArgumentException(
            "a replica names the " + what + " at position " + position + ", where none is");
      }
    }
  }
}
