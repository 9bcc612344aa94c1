package dev.stowage.store.spi;

import dev.stowage.answer.Question;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.model.Tick;
import dev.stowage.store.AgedReader;
import dev.stowage.store.FleetView;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.FleetStore.StoreDescription;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** A store that forwards to another one, to be overridden. Thread-safe if the other one is. */
public abstract class ForwardingStore implements FleetStore {
  private final FleetStore store;

  /** Creates an object that forwards to another one. */
  protected ForwardingStore(FleetStore store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  /** Returns a replacement for a granted session. */
  protected StoreSession session(StoreSession granted) {
    return granted;
  }

  /** Returns a replacement for a begun transaction of any session. */
  protected StoreTransaction transaction(StoreTransaction begun) {
    return begun;
  }

  @Override
  public Claim claim(LeaseRequest request) {
    Claim claim = store.claim(request);
    return claim instanceof Claim.Granted granted
        ? new Claim.Granted(session(forwarding(granted.session())))
        : claim;
  }

  private StoreSession forwarding(StoreSession granted) {
    return new ForwardingSession(granted) {
      @Override
      protected StoreTransaction transaction(StoreTransaction begun) {
        return ForwardingStore.this.transaction(begun);
      }
    };
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
  public OptionalLong trustedClockNanos() {
    return store.trustedClockNanos();
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
  public <R> R ask(Question<R> question) {
    return store.ask(question);
  }

  @Override
  public AgedReader agedReader() {
    return store.agedReader();
  }

  @Override
  public AutoCloseable onAssignment(Runnable hint) {
    return store.onAssignment(hint);
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
  public Optional<ChainPoint> evidenceStart() {
    return store.evidenceStart();
  }

  @Override
  public List<EvidenceRecord> deeds() {
    return store.deeds();
  }

  @Override
  public List<QuarantinedNews> quarantine(long afterMark, int most) {
    return store.quarantine(afterMark, most);
  }

  @Override
  public void close() {
    store.close();
  }

  /** A session that forwards to another one. Belongs to one thread at a time, as any session. */
  public abstract static class ForwardingSession implements StoreSession {
    private final StoreSession session;

    /** Creates an object that forwards to another one. */
    public ForwardingSession(StoreSession session) {
      this.session = Objects.requireNonNull(session, "session");
    }

    /** Returns a replacement for a begun transaction. */
    protected StoreTransaction transaction(StoreTransaction begun) {
      return begun;
    }

    @Override
    public StoreTransaction begin() {
      return transaction(session.begin());
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

  /** A transaction that forwards to another one. Belongs to one thread, as any transaction. */
  public abstract static class ForwardingTransaction implements StoreTransaction {
    private final StoreTransaction transaction;

    /** Creates an object that forwards to another one. */
    public ForwardingTransaction(StoreTransaction transaction) {
      this.transaction = Objects.requireNonNull(transaction, "transaction");
    }

    @Override
    public News news() {
      return transaction.news();
    }

    @Override
    public OptionalLong trustedClockNanos() {
      return transaction.trustedClockNanos();
    }

    @Override
    public void commit(Commit commit) {
      transaction.commit(commit);
    }

    @Override
    public void advance(AssignmentIds expected, Tick largestTick, long clockNanos) {
      transaction.advance(expected, largestTick, clockNanos);
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
