package dev.stowage.storage.memory;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import dev.stowage.store.spi.StoreTransaction;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** A lease on a {@link MemoryChunkStore}, extended by every success under it. */
final class MemorySession implements StoreSession {
  private final MemoryChunkStore store;
  private volatile Lease lease;
  private volatile Duration duration;
  private volatile boolean ended;

  MemorySession(MemoryChunkStore store, Lease lease, Duration duration) {
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

  void extend() {
    store.extend(lease, duration);
  }

  @Override
  public void resign() {
    requireOpen();
    store.lock.lock();
    try {
      store.resign(lease);
    } finally {
      store.lock.unlock();
    }
    ended = true;
  }

  @Override
  public LoadedFleet load() {
    return locked(() -> {
      DurableState durable = store.durableIfAny();
      return durable == null
          ? LoadedFleet.NONE
          : new LoadedFleet(
              Optional.of(durable.load()),
              durable.digest(),
              store.history().head(),
              durable.committedTick(),
              Optional.empty());
    });
  }

  @Override
  public LoadedFleet found(LifecycleConfig config) {
    return locked(() -> {
      if (store.durableIfAny() != null) {
        throw new IllegalStateException("the fleet has begun already");
      }
      store.begin(DurableState.begin(config, lease.lineage(), store.isChecked));
      return load();
    });
  }

  @Override
  public StoreTransaction begin() {
    if (store.lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("a transaction is open already; at most 1 is accepted");
    }
    store.lock.lock();
    try {
      requireLease();
      store.writing(lease.epoch());
      return new MemoryTransaction(store, this);
    } catch (RuntimeException e) {
      store.lock.unlock();
      throw e;
    }
  }

  @Override
  public long verify() {
    return locked(() -> store.durable().verify());
  }

  @Override
  public int trimHistory(HistoryHorizon horizon, int maxRows) {
    return locked(() -> store.history().trim(horizon, maxRows));
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      store.ended(lease);
    }
  }

  /** Requires the store's lock. */
  void requireLease() {
    requireOpen();
    store.requireLease(lease);
  }

  private void requireOpen() {
    if (ended) {
      throw new StorageException.Fenced("the session of epoch " + lease.epoch() + " is over");
    }
  }

  private <T> T locked(Supplier<T> work) {
    store.lock.lock();
    try {
      requireLease();
      T done = work.get();
      extend();
      return done;
    } finally {
      store.lock.unlock();
    }
  }
}
