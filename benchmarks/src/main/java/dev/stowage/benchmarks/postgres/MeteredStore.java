package dev.stowage.benchmarks.postgres;

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
import dev.stowage.store.StoreDescription;
import dev.stowage.store.StoreInbox;
import dev.stowage.store.StoreSession;
import dev.stowage.store.StoreTransaction;
import dev.stowage.store.TransactionScope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A store that notes how long its last load and its last commit took. Belongs to one thread. */
final class MeteredStore implements ChunkStore {
  private final ChunkStore store;
  private long commitNanos;
  private long loadNanos;

  MeteredStore(ChunkStore store) {
    this.store = store;
  }

  /** Seconds from the call to the answer of the last commit. */
  double commitSeconds() {
    return commitNanos / 1e9;
  }

  /** Seconds of the last load: reading, building the state, its digest and its assignments. */
  double loadSeconds() {
    return loadNanos / 1e9;
  }

  @Override
  public Claim claim(LeaseRequest request) {
    Claim claim = store.claim(request);
    return claim instanceof Claim.Granted granted
        ? new Claim.Granted(new Session(granted.session()))
        : claim;
  }

  private final class Session implements StoreSession {
    private final StoreSession session;

    Session(StoreSession session) {
      this.session = session;
    }

    @Override
    public LoadedFleet load() {
      long begin = System.nanoTime();
      LoadedFleet loaded = session.load();
      loadNanos = System.nanoTime() - begin;
      return loaded;
    }

    @Override
    public StoreTransaction begin(TransactionScope scope) {
      return new Transaction(session.begin(scope));
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
    public LoadedFleet found(LifecycleConfig config) {
      return session.found(config);
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

  private final class Transaction implements StoreTransaction {
    private final StoreTransaction transaction;

    Transaction(StoreTransaction transaction) {
      this.transaction = transaction;
    }

    @Override
    public void commit(Commit commit) {
      long begin = System.nanoTime();
      transaction.commit(commit);
      commitNanos = System.nanoTime() - begin;
    }

    @Override
    public News news() {
      return transaction.news();
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

  @Override
  public StoreDescription describe() {
    return store.describe();
  }

  @Override
  public long clockNanos() {
    return store.clockNanos();
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
}
