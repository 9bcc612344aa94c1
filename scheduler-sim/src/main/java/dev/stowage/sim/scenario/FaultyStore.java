package dev.stowage.sim.scenario;

import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.lifecycle.ChunkStatus;
import dev.stowage.lifecycle.Head;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.store.AssignmentIds;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.Claim;
import dev.stowage.store.Commit;
import dev.stowage.store.CommitKey;
import dev.stowage.store.CommitOutcome;
import dev.stowage.store.FleetView;
import dev.stowage.store.HistoryHorizon;
import dev.stowage.store.Lease;
import dev.stowage.store.LeaseRequest;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.News;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreDescription;
import dev.stowage.store.StoreInbox;
import dev.stowage.store.StoreSession;
import dev.stowage.store.StoreTransaction;
import dev.stowage.store.TransactionScope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A connection to a sound store that fails where a story tells it to. Not thread-safe. */
final class FaultyStore implements ChunkStore {
  /** How the next transaction, or the next commit, fails. */
  enum Fault {
    /** Not at all. */
    NONE,
    /** The connection is gone in the middle of the transaction. */
    MIDWAY,
    /** Before anything is durable, and the caller learns it. */
    BEFORE,
    /** Before anything is durable, but the caller does not know. */
    UNKNOWN_BEFORE,
    /** After everything is durable, but the caller does not know. */
    UNKNOWN_AFTER,
    /** The same, and nobody answers when the caller asks what became of it. */
    UNANSWERED
  }

  private final ChunkStore store;
  private Fault next = Fault.NONE;
  private boolean isOutcomeLost;

  /** A connection to this store without a fault yet. */
  FaultyStore(ChunkStore store) {
    this.store = store;
  }

  /** The next one fails like this; the one after it does not. */
  void failNext(Fault fault) {
    next = fault;
  }

  private void commit(StoreTransaction transaction, Commit commit) {
    Fault fault = next;
    next = Fault.NONE;
    switch (fault) {
      case NONE, MIDWAY -> transaction.commit(commit);
      case BEFORE -> throw cut(StorageException.Outcome.NOT_COMMITTED);
      case UNKNOWN_BEFORE -> throw cut(StorageException.Outcome.UNKNOWN);
      case UNKNOWN_AFTER, UNANSWERED -> {
        transaction.commit(commit);
        isOutcomeLost = fault == Fault.UNANSWERED;
        throw cut(StorageException.Outcome.UNKNOWN);
      }
    }
  }

  private static StorageException.Transient cut(StorageException.Outcome known) {
    return new StorageException.Transient("the connection was cut", known, null);
  }

  @Override
  public StoreDescription describe() {
    return store.describe();
  }

  @Override
  public long clockNanos() {
    return store.clockNanos();
  }

  @Override
  public Claim claim(LeaseRequest request) {
    Claim claim = store.claim(request);
    return claim instanceof Claim.Granted granted
        ? new Claim.Granted(new FaultySession(granted.session()))
        : claim;
  }

  @Override
  public Optional<Lease> lease() {
    return store.lease();
  }

  @Override
  public StoreInbox inbox() {
    return store.inbox();
  }

  @Override
  public FleetView view() {
    return store.view();
  }

  @Override
  public List<ChunkStatus> status(List<ChunkKey> chunks) {
    return store.status(chunks);
  }

  @Override
  public Head head(DatasetId dataset) {
    return store.head(dataset);
  }

  @Override
  public CommitOutcome outcomeOf(CommitKey key) {
    if (isOutcomeLost) {
      isOutcomeLost = false;
      throw cut(StorageException.Outcome.UNKNOWN);
    }
    return store.outcomeOf(key);
  }

  @Override
  public List<EvidenceRecord> evidence(long fromIndex, int maxRecords) {
    return store.evidence(fromIndex, maxRecords);
  }

  @Override
  public void close() {
    store.close();
  }

  private final class FaultySession implements StoreSession {
    private final StoreSession session;

    FaultySession(StoreSession session) {
      this.session = session;
    }

    @Override
    public Lease lease() {
      return session.lease();
    }

    @Override
    public Lease renew(Duration duration) {
      return session.renew(duration);
    }

    @Override
    public void resign() {
      session.resign();
    }

    @Override
    public LoadedFleet load() {
      return session.load();
    }

    @Override
    public LoadedFleet found(LifecycleConfig config) {
      return session.found(config);
    }

    @Override
    public StoreTransaction begin(TransactionScope scope) {
      return new FaultyTransaction(session.begin(scope));
    }

    @Override
    public long verify() {
      return session.verify();
    }

    @Override
    public int trimHistory(HistoryHorizon horizon, int maxRows) {
      return session.trimHistory(horizon, maxRows);
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private final class FaultyTransaction implements StoreTransaction {
    private final StoreTransaction transaction;

    FaultyTransaction(StoreTransaction transaction) {
      this.transaction = transaction;
    }

    @Override
    public News news() {
      if (next == Fault.MIDWAY) {
        next = Fault.NONE;
        throw cut(StorageException.Outcome.NOT_COMMITTED);
      }
      return transaction.news();
    }

    @Override
    public void commit(Commit commit) {
      FaultyStore.this.commit(transaction, commit);
    }

    @Override
    public void verifyLease(AssignmentIds expected) {
      transaction.verifyLease(expected);
    }

    @Override
    public void close() {
      transaction.close();
    }
  }
}
