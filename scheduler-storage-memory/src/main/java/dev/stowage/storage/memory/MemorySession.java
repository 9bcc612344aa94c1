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

/** A lease on a {@link Server}, extended by every success under it. */
final class MemorySession implements StoreSession {
  private final Server server;
  private volatile Lease lease;
  private volatile Duration duration;
  private volatile boolean ended;

  MemorySession(Server server, Lease lease, Duration duration) {
    this.server = server;
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
    lease = server.extend(lease, lasts);
    return lease;
  }

  void extend() {
    server.extend(lease, duration);
  }

  @Override
  public void resign() {
    requireOpen();
    server.lock.lock();
    try {
      server.resign(lease);
    } finally {
      server.lock.unlock();
    }
    ended = true;
  }

  @Override
  public LoadedFleet load() {
    return locked(() -> {
      DurableState durable = server.durableIfAny();
      return durable == null
          ? LoadedFleet.NONE
          : new LoadedFleet(
              Optional.of(durable.load()),
              durable.digest(),
              server.history().head(),
              durable.committedTick(),
              Optional.empty());
    });
  }

  @Override
  public LoadedFleet found(LifecycleConfig config) {
    return locked(() -> {
      if (server.durableIfAny() != null) {
        throw new IllegalStateException("the fleet has begun already");
      }
      server.begin(DurableState.begin(config, lease.lineage(), server.isChecked));
      return load();
    });
  }

  @Override
  public StoreTransaction begin() {
    if (server.lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("a transaction is open already; at most 1 is accepted");
    }
    server.lock.lock();
    try {
      requireLease();
      server.writing(lease.epoch());
      return new MemoryTransaction(server, this);
    } catch (RuntimeException e) {
      server.lock.unlock();
      throw e;
    }
  }

  @Override
  public long verify() {
    return locked(() -> server.durable().verify());
  }

  @Override
  public int trimHistory(HistoryHorizon horizon, int maxRows) {
    return locked(() -> server.history().trim(horizon, maxRows));
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      server.ended(lease);
    }
  }

  /** Requires the server's lock. */
  void requireLease() {
    requireOpen();
    server.requireLease(lease);
  }

  private void requireOpen() {
    if (ended) {
      throw new StorageException.Fenced("the session of epoch " + lease.epoch() + " is over");
    }
  }

  private <T> T locked(Supplier<T> work) {
    server.lock.lock();
    try {
      requireLease();
      T done = work.get();
      extend();
      return done;
    } finally {
      server.lock.unlock();
    }
  }
}
