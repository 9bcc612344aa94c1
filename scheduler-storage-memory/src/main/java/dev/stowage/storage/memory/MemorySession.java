package dev.stowage.storage.memory;

import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.store.HistoryHorizon;
import dev.stowage.store.Lease;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreSession;
import dev.stowage.store.StoreTransaction;
import dev.stowage.store.TransactionScope;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** A held lease on a {@link Server}. */
final class MemorySession implements StoreSession {
  private final Server server;
  private Lease lease;
  private boolean ended;

  MemorySession(Server server, Lease lease) {
    this.server = server;
    this.lease = lease;
  }

  @Override
  public Lease lease() {
    return lease;
  }

  @Override
  public Lease renew(Duration duration) {
    lease = locked(() -> server.renew(lease, duration.toNanos()));
    return lease;
  }

  @Override
  public void resign() {
    locked(() -> {
      server.resign(lease);
      return lease;
    });
    ended = true;
  }

  @Override
  public LoadedFleet load() {
    return locked(() -> {
      Books books = server.booksIfAny();
      return books == null
          ? LoadedFleet.NONE
          : new LoadedFleet(
              Optional.of(books.load()), books.digest(), server.history().head(), books.seen());
    });
  }

  @Override
  public LoadedFleet found(LifecycleConfig config) {
    return locked(() -> {
      if (server.booksIfAny() != null) {
        throw new IllegalStateException("the fleet has begun already");
      }
      server.begin(Books.begin(config, lease.lineage()));
      return load();
    });
  }

  @Override
  public StoreTransaction begin(TransactionScope scope) {
    if (server.lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("a transaction is open already; at most 1 is accepted");
    }
    server.lock.lock();
    try {
      requireLease();
      return new MemoryTransaction(server, this);
    } catch (RuntimeException e) {
      server.lock.unlock();
      throw e;
    }
  }

  @Override
  public long verify() {
    return locked(() -> server.books().verify());
  }

  @Override
  public int trimHistory(HistoryHorizon horizon, int maxRows) {
    return locked(() -> {
      int trimmed = server.history().trim(horizon.evidenceBefore(), maxRows);
      return trimmed + server.forgetCommits(maxRows - trimmed);
    });
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      server.ended(lease);
    }
  }

  /** To be called under the server's lock. */
  void requireLease() {
    if (ended) {
      throw new StorageException.Fenced("the session of epoch " + lease.epoch() + " is over");
    }
    server.requireLease(lease);
  }

  private <T> T locked(Supplier<T> work) {
    server.lock.lock();
    try {
      requireLease();
      return work.get();
    } finally {
      server.lock.unlock();
    }
  }
}
