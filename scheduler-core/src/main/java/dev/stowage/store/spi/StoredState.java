package dev.stowage.store.spi;

import dev.stowage.answer.Question;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.answering.Reading;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.store.FleetView;
import dev.stowage.store.FleetView.AssignmentIds;
import java.util.Objects;
import java.util.Optional;

/** A fleet's state in memory, for a store that keeps it there. Not thread-safe. */
public final class StoredState {
  private final LifecycleState state;

  private StoredState(LifecycleState state) {
    this.state = state;
  }

  /** Creates the state of a fleet that begins. */
  public static StoredState begin(LifecycleConfig config, Lineage lineage) {
    return new StoredState(LifecycleState.empty(config, lineage));
  }

  /** Applies the rows that a command changed. */
  public void apply(ChangeSet changes) {
    state.apply(changes);
  }

  /** Takes in a cycle that changed nothing, as {@link StoreTransaction#advance}. */
  public void advance(Tick tick, long clockNanos) {
    state.seen(tick, clockNanos);
  }

  /** Returns the digest that is kept beside the rows. */
  public long digest() {
    return state.digest();
  }

  /** Counts the digest of all rows anew. */
  public long fullDigest() {
    return state.fullDigest();
  }

  /** Returns the lineage that commits belong to. */
  public Lineage lineage() {
    return state.lineage();
  }

  /** Returns the largest tick of any cycle. */
  public Tick largestTick() {
    return state.largestTick();
  }

  /** Returns the newest assignments. */
  public AssignmentIds ids() {
    return new AssignmentIds(state.newestWorkerAssignment(), state.newestPortalAssignment());
  }

  /** Returns both assignments as of now, which later changes do not touch. */
  public FleetView view() {
    return new FleetView(state);
  }

  /** Returns the answer to a question. */
  public <R> R ask(Question<R> question) {
    return Reading.of(state).answer(Objects.requireNonNull(question, "question"));
  }

  /** Returns what a load answers, with a copy of the rows that the caller may change. */
  public LoadedFleet loaded(long digest, Optional<ChainPoint> evidenceHead, Tick committedTick) {
    LifecycleState copy =
        LifecycleState.load(state.fleetRow(), state.rows(), state.retainedAssignments());
    return new LoadedFleet(
        Optional.of(copy), digest, evidenceHead, committedTick, Optional.empty());
  }
}
