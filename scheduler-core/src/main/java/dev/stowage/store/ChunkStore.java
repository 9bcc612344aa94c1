package dev.stowage.store;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.lifecycle.questions.Question;
import dev.stowage.store.Commit.CommitKey;
import dev.stowage.store.Commit.CommitOutcome;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StoreSession.HistoryHorizon;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The durable state of one fleet, shared by processes where the implementation says so. Every
 * method may throw {@link StorageException}. Thread-safe.
 */
public interface ChunkStore extends AutoCloseable {
  /** Returns the description of this store, for logs and errors. */
  StoreDescription describe();

  /** Returns nanoseconds of the store's own clock, by which leases run but no chunk is decided. */
  long clockNanos();

  /** Returns nanoseconds of the fleet's trusted clock, whose differences count; empty if none. */
  default OptionalLong trustedClockNanos() {
    return OptionalLong.empty();
  }

  /**
   * Takes a lease that is free, expired or held under an equal name; the epoch rises and the former
   * holder is fenced. An open transaction of another holder extends its lease: the claim waits for
   * it, for a bounded time, or answers {@link Claim.Held}. After possible lost commits the granted
   * lease names a new lineage, which the first commit begins.
   */
  Claim claim(LeaseRequest request);

  /** Returns the lease, expired or not; empty before the first claim and after a resignation. */
  Optional<Lease> lease();

  /** Returns the inbox for writers without a lease. */
  StoreInbox inbox();

  /** Returns both assignments at one consistent moment, as of the newest commit or cycle. */
  FleetView view();

  /**
   * Returns the answer to a question, by one consistent {@link
   * dev.stowage.lifecycle.questions.Reading reading} of the newest commit and of all commands
   * accepted since. Throws {@link StorageException.Transient} before the fleet has begun.
   */
  <R> R ask(Question<R> question);

  /**
   * Returns answers with their age, for processes that do not lead; by {@link #view} unless a store
   * reads less for them.
   */
  default AgedReader agedReader() {
    return AgedReader.ofView(this);
  }

  /**
   * Runs {@code hint}, on any thread, after a commit with a new assignment, of any process; perhaps
   * late, twice or not at all, which is what a store does that does not override this.
   */
  default AutoCloseable onAssignment(Runnable hint) {
    Objects.requireNonNull(hint, "hint");
    return () -> {};
  }

  /**
   * Returns a commit's outcome: at least for ten times as long as a commit can be under way, and
   * always for an epoch's newest commit. A store that has forgotten it throws {@code
   * IllegalStateException}.
   */
  CommitOutcome outcomeOf(CommitKey key);

  /** Returns up to {@code maxRecords} (at least 1) committed records from an index, in order. */
  List<EvidenceRecord> evidence(long fromIndex, int maxRecords);

  /**
   * Returns the point of the chain from which the kept evidence is proven: the index of the first
   * kept record and the hash behind the last deleted one. Empty while no record was deleted: the
   * chain begins at the origin of its header.
   */
  Optional<ChainPoint> evidenceStart();

  /**
   * Returns the deeds ({@link EvidenceRecord#isDeed}) in order, also those before {@link
   * #evidenceStart} that no {@link HistoryHorizon#deedsBefore} let go.
   */
  List<EvidenceRecord> deeds();

  /**
   * Returns up to {@code most} (at least 1) pieces of news set aside, with marks above {@code
   * afterMark} (-1 for all), by mark.
   */
  List<QuarantinedNews> quarantine(long afterMark, int most);

  /** Releases what the store holds in this process; leases run on until they expire. */
  @Override
  void close();
}
