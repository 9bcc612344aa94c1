package dev.stowage.lifecycle;

import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import java.util.List;
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

  private LifecycleState(Tables tables) {
    this.tables = tables;
    publisher = new Publisher(tables);
  }

  /** A fleet that begins: no chunk, no worker, version 1 of the configuration. */
  public static LifecycleState empty(LifecycleConfig config, Lineage lineage) {
    return new LifecycleState(new Tables(Fleet.first(config, lineage)));
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
    LifecycleState state = new LifecycleState(new Tables(fleet));
    RowLoader.put(state.tables, rows);
    state.tables.digest = state.tables.fullDigest();
    state.publisher.publishAll();
    state.publisher.adopt(retained);
    return state;
  }

  /**
   * Builds a state from a few rows of a large fleet: those that one command is decided on. Good for
   * one command, of which only the rows and the answer are used; chunk numbers are not those that
   * the whole would give.
   *
   * @param fleet the fleet's row
   * @param rows the rows that the command may look at, at any places
   * @param waitingChunks how many chunks of the whole wait for their first placement
   * @param waitingBytes their size
   */
  public static LifecycleState loadPart(
      FleetRow fleet, ChangeSet.Parts rows, long waitingChunks, long waitingBytes) {
    LifecycleState state = load(fleet, rows);
    state.tables.waitingInAll(waitingChunks, waitingBytes);
    return state;
  }

  /**
   * Undoes a command whose change set could not be made durable.
   *
   * @throws IllegalStateException if it is not the last one executed on this state
   */
  public void rollback(ChangeSet changes) {
    Journal journal = changes.journal;
    if (changes != last || journal == null) {
      throw new IllegalStateException("only the last command executed can be rolled back");
    }
    journal.undo();
    last = null;
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
    publisher.refresh(!changes.workers().isEmpty());
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
    settle();
    tables.fleet.advanceUncounted(tick.value());
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
    publisher.refresh(changes.isChange() && !changes.workers().isEmpty());
    return changes;
  }

  private void settle() {
    ChangeSet before = last;
    if (before != null && before.journal != null) {
      before.journal.seal();
    }
    last = null;
  }
}
