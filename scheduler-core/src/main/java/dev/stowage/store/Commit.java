package dev.stowage.store;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.Tick;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What one transaction makes durable, all of it or nothing.
 *
 * @param key names the commit
 * @param expected the newest assignments before the change, in the mirror that it was made on
 * @param tick when it was made, for retention
 * @param consumed the news that the mirror took in before the command, in order
 * @param changes the rows that the leader's own command changes; empty where only news is taken in,
 *     or evidence is saved
 * @param digest the state digest after all of it, kept beside the rows
 * @param evidence the records of the inputs and outcomes since the last commit, in chain order
 * @param evidenceHead the head of the chain behind the last of them
 */
public record Commit(
    CommitKey key,
    AssignmentIds expected,
    Tick tick,
    List<Consumed> consumed,
    Optional<ChangeSet> changes,
    long digest,
    List<EvidenceRecord> evidence,
    ChainPoint evidenceHead) {
  /** Refuses nulls, and copies the collections. */
  public Commit {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(tick, "tick");
    consumed = List.copyOf(consumed);
    Objects.requireNonNull(changes, "changes");
    evidence = List.copyOf(evidence);
    Objects.requireNonNull(evidenceHead, "evidenceHead");
  }

  /**
   * A piece of news that the mirror has taken in.
   *
   * @param mark its mark
   * @param changes what it changed in the mirror: rows that the store has written already when it
   *     accepted it, or writes now, as it likes
   * @param setAside what is to be kept of it where it was set aside instead: then the store undoes
   *     what it wrote when it accepted it, and the changes are those of the setting aside
   */
  public record Consumed(long mark, ChangeSet changes, Optional<QuarantinedNews> setAside) {
    /** Refuses nulls. */
    public Consumed {
      Objects.requireNonNull(changes, "changes");
      Objects.requireNonNull(setAside, "setAside");
    }

    /** One that was taken in. */
    public Consumed(long mark, ChangeSet changes) {
      this(mark, changes, Optional.empty());
    }
  }

  /** What is set aside, in order. */
  public List<QuarantinedNews> setAside() {
    return consumed.isEmpty()
        ? List.of()
        : consumed.stream().flatMap(piece -> piece.setAside().stream()).toList();
  }

  /**
   * Names one commit for ever, so that after an unknown outcome its caller can learn which it was,
   * and so that a commit that is tried again takes effect once.
   *
   * @param epoch the epoch of the lease that wrote it, at least 1
   * @param sequence counts the commits of that epoch, from 1
   */
  public record CommitKey(long epoch, long sequence) {
    /** Refuses an epoch or a sequence below 1. */
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

  /** What became of a commit. */
  public enum CommitOutcome {
    /** It is durable. */
    COMMITTED,
    /** It is not, and never will be: a late arrival would be fenced. */
    NOT_COMMITTED
  }
}
