package host;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.model.Tick;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.Lease;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreTransaction;
import dev.stowage.store.spi.StoredState;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** What a lease of an {@link OwnStore} opens. */
final class OwnSession implements StoreSession {
  private final OwnStore store;
  private volatile Lease lease;
  private volatile Duration duration;
  private volatile boolean isOver;

  OwnSession(OwnStore store, Lease lease, Duration duration) {
    this.store = store;
    this.lease = lease;
    this.duration = duration;
  }

  @Override
  public Lease lease() {
    return lease;
  }

  @Override
  public Lease renew(Duration lasts) {
    requireOpen();
    LeaseRequest.require(lasts);
    duration = lasts;
    lease = store.extend(lease, lasts);
    return lease;
  }

  @Override
  public void resign() {
    locked(() -> {
      store.resign(lease);
      isOver = true;
      return null;
    });
  }

  @Override
  public LoadedFleet load() {
    return extending(this::loaded);
  }

  private LoadedFleet loaded() {
    return store.hasBegun()
        ? store.loaded()
        : LoadedFleet.NONE;
  }

  @Override
  public LoadedFleet found(LifecycleConfig config) {
    return extending(() -> {
      if (store.hasBegun()) {
        throw new IllegalStateException("the fleet has begun already");
      }
      store.begin(StoredState.begin(config, lease.lineage()));
      return loaded();
    });
  }

  @Override
  public StoreTransaction begin() {
    if (store.lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("a transaction is open already");
    }
    store.lock.lock();
    try {
      requireLease();
      store.writing(lease.epoch());
      return new OwnTransaction();
    } catch (RuntimeException e) {
      store.lock.unlock();
      throw e;
    }
  }

  @Override
  public long verify() {
    return extending(store::verify);
  }

  @Override
  public int trimHistory(HistoryHorizon horizon, int maxRows) {
    return extending(() -> store.trim(horizon, maxRows));
  }

  @Override
  public void close() {
    isOver = true;
  }

  private void requireOpen() {
    if (isOver) {
      throw new StorageException.Fenced("the session of epoch " + lease.epoch() + " is over");
    }
  }

  private void requireLease() {
    requireOpen();
    store.requireLease(lease);
  }

  private <T> T extending(Supplier<T> work) {
    return locked(() -> {
      T done = work.get();
      store.extend(lease, duration);
      return done;
    });
  }

  private <T> T locked(Supplier<T> work) {
    store.lock.lock();
    try {
      requireLease();
      return work.get();
    } finally {
      store.lock.unlock();
    }
  }

  /** Holds the lock of the store until it is closed. */
  private final class OwnTransaction implements StoreTransaction {
    private boolean isClosed;
    private boolean isDone;
    private boolean isAnswered;

    private void requireOpen() {
      if (isClosed || isDone) {
        throw new IllegalStateException("the transaction is over");
      }
    }

    private void require(AssignmentIds expected) {
      requireOpen();
      requireLease();
      store.requireNewest(expected);
    }

    private void done() {
      store.extend(lease, duration);
      isDone = true;
    }

    @Override
    public News news() {
      requireOpen();
      return store.handOut();
    }

    @Override
    public OptionalLong trustedClockNanos() {
      requireOpen();
      return store.trustedClockNanos();
    }

    @Override
    public void commit(Commit commit) {
      if (store.isCommitted(commit.key())) {
        return;
      }
      require(commit.expected());
      store.commit(commit);
      isAnswered = !commit.consumed().isEmpty();
      done();
    }

    @Override
    public void advance(AssignmentIds expected, Tick largestTick, long clockNanos) {
      require(expected);
      store.advance(largestTick, clockNanos);
      done();
    }

    @Override
    public void verifyLease(AssignmentIds expected) {
      require(expected);
      store.extend(lease, duration);
    }

    @Override
    public void close() {
      if (!isClosed) {
        isClosed = true;
        store.writing(0);
        store.lock.unlock();
        if (isAnswered) {
          store.tellAnswers();
        }
      }
    }
  }
}
