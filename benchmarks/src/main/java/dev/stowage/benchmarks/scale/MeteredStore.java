package dev.stowage.benchmarks.scale;

import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreTransaction;
import java.util.concurrent.atomic.AtomicLong;

/** Counts and times the commits of a store, and times its last load. */
final class MeteredStore extends ForwardingStore {
  private final AtomicLong commits = new AtomicLong();
  private final AtomicLong commitNanos = new AtomicLong();
  private volatile long loadNanos;

  MeteredStore(FleetStore store) {
    super(store);
  }

  long commits() {
    return commits.get();
  }

  /** Returns the seconds of all commits so far, each from the call to the answer. */
  double commitSeconds() {
    return commitNanos.get() / 1e9;
  }

  /** Returns the seconds of the last load: reading the rows and building the state. */
  double loadSeconds() {
    return loadNanos / 1e9;
  }

  @Override
  protected StoreSession session(StoreSession granted) {
    return new ForwardingSession(granted) {
      @Override
      public LoadedFleet load() {
        long begin = System.nanoTime();
        LoadedFleet loaded = super.load();
        loadNanos = System.nanoTime() - begin;
        return loaded;
      }
    };
  }

  @Override
  protected StoreTransaction transaction(StoreTransaction begun) {
    return new ForwardingTransaction(begun) {
      @Override
      public void commit(Commit commit) {
        long begin = System.nanoTime();
        super.commit(commit);
        commitNanos.addAndGet(System.nanoTime() - begin);
        commits.incrementAndGet();
      }
    };
  }
}
