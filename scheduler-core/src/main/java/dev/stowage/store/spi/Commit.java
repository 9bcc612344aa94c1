package dev.stowage.store.spi;

import dev.stowage.command.Result;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.Tick;
import dev.stowage.store.CommandId;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.QuarantinedNews;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The effects of one transaction, durable all or none.
 *
 * @param key the name of the commit
 * @param expected the newest assignments of the mirror before the change
 * @param tick the tick of the commit
 * @param consumed the news taken in before the commands, in order
 * @param changes the rows that each of the leader's commands changes, in order; those that change
 *     nothing have none
 * @param digest the state digest after the commit, stored beside the rows
 * @param evidence the records since the last commit, in chain order
 * @param evidenceHead the head of the chain after them
 * @param state copies the mirror after the changes, for a store that answers readers from the copy
 *     instead of a second state; good on the committing thread until {@link
 *     StoreTransaction#commit} returns; null if the changes alone are given
 */
@SuppressWarnings("exports") // states are for our own stores
public record Commit(
    CommitKey key,
    AssignmentIds expected,
    Tick tick,
    List<Consumed> consumed,
    List<ChangeSet> changes,
    long digest,
    List<EvidenceRecord> evidence,
    ChainPoint evidenceHead,
    @Nullable Supplier<LifecycleSnapshot> state) {
  /** Throws {@link NullPointerException} if another component is null; copies the collections. */
  public Commit {
    consumed = List.copyOf(consumed);
    changes = List.copyOf(changes);
    evidence = List.copyOf(evidence);
  }

  /** Creates a commit without the state. */
  public Commit(
      CommitKey key,
      AssignmentIds expected,
      Tick tick,
      List<Consumed> consumed,
      List<ChangeSet> changes,
      long digest,
      List<EvidenceRecord> evidence,
      ChainPoint evidenceHead) {
    this(key, expected, tick, consumed, changes, digest, evidence, evidenceHead, null);
  }

  /**
   * A command of the log that the leader decided.
   *
   * @param mark its place in the log, which the commit deletes
   * @param id the name under which the commit answers it
   * @param changes the rows that it and its parts change, in order
   * @param answer the answer; if it was set aside a {@link Result.Answer}, whatever its kind
   * @param setAside the remains if set aside
   */
  public record Consumed(
      long mark,
      CommandId id,
      List<ChangeSet> changes,
      Result answer,
      Optional<QuarantinedNews> setAside) {
    /** Throws {@link NullPointerException} if a component is null. */
    public Consumed {
      changes = List.copyOf(changes);
    }
  }

  /** Returns the news set aside, in order. */
  public List<QuarantinedNews> setAside() {
    return consumed.isEmpty()
        ? List.of()
        : consumed.stream().flatMap(piece -> piece.setAside().stream()).toList();
  }

  /**
   * The permanent name of a commit, which takes effect once: an epoch and its number, both from 1.
   */
  public record CommitKey(long epoch, long sequence) {
    /** Throws {@link IllegalArgumentException} if the epoch or the sequence is below 1. */
    public CommitKey {
      if (epoch < 1 || sequence < 1) {
        throw new IllegalArgumentException(
            "commit is " + epoch + "." + sequence + "; at least 1.1 is accepted");
      }
    }

    @Override
    public String toString() {
      return epoch + "." + sequence;
    }
  }

  /** The outcome of a commit. */
  public enum CommitOutcome {
    /** Durable. */
    COMMITTED,
    /** Not durable, and never will be: a late arrival would be fenced. */
    NOT_COMMITTED
  }
}
