package dev.stowage.sim.filestore;

import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.store.HistoryHorizon;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreSession;
import dev.stowage.store.StoreTransaction;
import dev.stowage.store.TransactionScope;
import java.time.Duration;
import java.util.function.Supplier;

/** A held lease on a {@link FileChunkStore}; nothing is asked of the store without it. */
final class FileSession implements StoreSession {
  private final FileChunkStore store;
  private volatile Lease lease;
  private volatile Duration duration;
  private volatile boolean isOver;

  FileSession(FileChunkStore store, Lease lease, Duration duration) {
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
    lease = store.extend(lease, lasts.toNanos());
    return lease;
  }

  /** What was done under the lease extends it. */
  void extend() {
    store.extend(lease, duration.toNanos());
  }

  @Override
  public void resign() {
    store.inTurn(() -> {
      requireLease();
      store.resign(lease);
      return lease;
    });
    isOver = true;
  }

  @Override
  public LoadedFleet load() {
    return leading(store::load);
  }

  @Override
  public LoadedFleet found(LifecycleConfig config) {
    return leading(() -> store.found(config, lease.lineage()));
  }

  /** The transaction has the turn until it ends. */
  @Override
  public StoreTransaction begin(TransactionScope scope) {
    if (store.turn.isHeldByCurrentThread()) {
      throw new IllegalStateException("a transaction is open already; at most 1 is accepted");
    }
    store.turn.lock();
    try {
      requireLease();
      store.live.writing(lease.epoch());
      return new FileTransaction(store, this);
    } catch (RuntimeException e) {
      store.turn.unlock();
      throw e;
    }
  }

  @Override
  public long verify() {
    return leading(store::verify);
  }

  @Override
  public int trimHistory(HistoryHorizon horizon, int maxRows) {
    return leading(() -> store.trimHistory(horizon.evidenceBefore(), maxRows));
  }

  @Override
  public void close() {
    isOver = true;
  }

  /** To be called in turn. */
  void requireLease() {
    requireOpen();
    store.ready();
    store.requireLease(lease);
  }

  private void requireOpen() {
    if (isOver) {
      throw new StorageException.Fenced("the session of epoch " + lease.epoch() + " is over");
    }
  }

  private <T> T leading(Supplier<T> work) {
    return store.inTurn(() -> {
      requireLease();
      T done = work.get();
      extend();
      return done;
    });
  }
}
