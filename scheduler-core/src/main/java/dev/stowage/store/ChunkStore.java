package dev.stowage.store;

import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.lifecycle.ChunkStatus;
import dev.stowage.lifecycle.Head;
import dev.stowage.lifecycle.Leaving;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.Commit.CommitKey;
import dev.stowage.store.Commit.CommitOutcome;
import dev.stowage.store.Lease.LeaseRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The durable state of one fleet. Thread-safe; may be shared by any number of processes where the
 * implementation says so. Every method may throw {@link StorageException}.
 */
public interface ChunkStore extends AutoCloseable {
  /** What store this is, for logs and errors. */
  StoreDescription describe();

  /**
   * Nanoseconds on the store's own clock, by which leases run: a database's clock, or the seam that
   * an in-process store was given. Never part of a decision about chunks.
   */
  long clockNanos();

  /**
   * What the clock shows that the fleet trusts to say how much time has passed, in nanoseconds:
   * differences alone count. One clock for all processes, by which no host's time is believed that
   * leads it.
   *
   * @return empty where there is no such clock; it never is at one time and not at another
   */
  default OptionalLong trustedClockNanos() {
    return OptionalLong.empty();
  }

  /**
   * Takes the lease if it is free, has expired, or is already held under the same name: in all
   * three cases the epoch rises, and whoever held it before is fenced.
   *
   * <p>Somebody else who has a transaction open is not deposed, although the lease has run out
   * meanwhile: the claim waits for the transaction, whose commit extends the lease, or gives way to
   * it and answers {@link Claim.Held}. It waits for a bounded time.
   *
   * <p>Where the store recognises that it may have lost commits, a granted lease names a lineage
   * that differs from that of the loaded state; its holder begins that lineage with its first
   * commit.
   */
  Claim claim(LeaseRequest request);

  /** Who holds the lease, expired or not; empty before the first claim and after a resignation. */
  Optional<Lease> lease();

  /** The door for writers that hold no lease. */
  StoreInbox inbox();

  /** Both assignments at one consistent moment, as of the newest commit. */
  FleetView view();

  /**
   * State, mark, replicas and winner of each of these chunks. Ingests, offers and reports count at
   * once; removals and swaps once a leader has taken them in, because they may still be set aside.
   */
  List<ChunkStatus> status(List<ChunkKey> chunks);

  /** How far a dataset is covered; what counts is what {@link #status} shows. */
  Head head(DatasetId dataset);

  /**
   * What a worker still holds, by what has to happen before it is gone, as far as that is known
   * without a plan. Reports and statuses count at once; floors and marks once a leader has taken
   * them in, as in {@link #status}.
   *
   * @return empty if the worker is unknown
   */
  Optional<Leaving> leaving(WorkerId worker);

  /**
   * What became of a commit whose outcome was unknown. Known for the commits of every epoch until
   * retention forgets them, and always for the newest commit of an epoch.
   */
  CommitOutcome outcomeOf(CommitKey key);

  /**
   * Evidence that was committed and is still kept, oldest first, as {@code explain} and {@code
   * replay} read it.
   *
   * @param fromIndex the first index wanted; what was forgotten is left out
   * @param maxRecords how many at most, at least 1
   */
  List<EvidenceRecord> evidence(long fromIndex, int maxRecords);

  /**
   * News that was set aside, in the order of its marks.
   *
   * @param afterMark what has this mark or a smaller one is left out; -1 for none
   * @param most how many at most, at least 1
   */
  List<QuarantinedNews> quarantine(long afterMark, int most);

  /** Releases what the store holds in this process; leases run on until they expire. */
  @Override
  void close();
}
