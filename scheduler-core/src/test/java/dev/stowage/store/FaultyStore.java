package dev.stowage.store;

import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.lifecycle.ChunkStatus;
import dev.stowage.lifecycle.Head;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A connection that fails where it is told to: before a commit, after one whose answer is lost, and
 * when it is asked what became of it. The store behind it is sound.
 */
public final class FaultyStore implements ChunkStore {
  /** Where the next commit fails. */
  public enum Fault {
    /** Nowhere. */
    NONE,
    /** Before anything is durable, and the caller learns it. */
    BEFORE_COMMIT,
    /** Before anything is durable, but the caller does not know. */
    BEFORE_COMMIT_UNKNOWN,
    /** After everything is durable, but the caller does not know. */
    AFTER_COMMIT_UNKNOWN
  }

  private final ChunkStore store;
  private Fault next = Fault.NONE;
  private int outcomesLost;

  /** A connection to this store without a fault yet. */
  public FaultyStore(ChunkStore store) {
    this.store = store;
  }

  /** The next commit fails like this; the one after it does not. */
  public FaultyStore failNext(Fault fault) {
    next = fault;
    return this;
  }

  /** The next questions for the outcome of a commit, this many, find no connection. */
  public FaultyStore loseOutcomes(int count) {
    outcomesLost = count;
    return this;
  }

  private void commit(StoreTransaction transaction, Commit commit) {
    Fault fault = next;
    next = Fault.NONE;
    if (fault == Fault.AFTER_COMMIT_UNKNOWN || fault == Fault.NONE) {
      transaction.commit(commit);
    }
    if (fault != Fault.NONE) {
      StorageException.Outcome known =
          fault == Fault.BEFORE_COMMIT
              ? StorageException.Outcome.NOT_COMMITTED
              : StorageException.Outcome.UNKNOWN;
      throw new StorageException.Transient("the connection was cut", known, null);
    }
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
    if (outcomesLost > 0) {
      outcomesLost--;
      throw new StorageException.Transient(
          "still no connection", StorageException.Outcome.UNKNOWN, null);
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
