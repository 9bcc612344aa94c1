package dev.stowage.store.spi;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.store.AgedReader;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The store of one fleet as its implementation writes it: what the leader needs besides the answers
 * of {@link ChunkStore}. Every method may throw {@link StorageException}. Thread-safe.
 */
public interface FleetStore extends ChunkStore {
  /** Returns a store as its leader uses it; throws for one that is no {@code FleetStore}. */
  static FleetStore of(ChunkStore store) {
    if (Objects.requireNonNull(store, "store") instanceof FleetStore all) {
      return all;
    }
    throw new IllegalArgumentException(
        store.getClass().getName() + " does not implement " + FleetStore.class.getName());
  }

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

  /** Returns the inbox for writers without a lease. */
  StoreInbox inbox();

  /** Returns a reader by {@link #view}; a store that reads less for it overrides this. */
  @Override
  default AgedReader agedReader() {
    return new ViewReader(this);
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
   * The identity of a store: its implementation, one word such as {@code memory}, its fleet, and
   * the version of its layout, at least 1.
   */
  public record StoreDescription(String kind, String fleet, int schemaVersion) {
    /** Throws {@link IllegalArgumentException} if the version is below 1. */
    public StoreDescription {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(fleet, "fleet");
      if (schemaVersion < 1) {
        throw new IllegalArgumentException(
            "schema version is " + schemaVersion + "; at least 1 is accepted");
      }
    }
  }
}
