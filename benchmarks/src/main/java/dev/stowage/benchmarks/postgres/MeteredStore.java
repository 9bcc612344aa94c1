package dev.stowage.benchmarks.postgres;

import dev.stowage.store.ChunkStore;
import dev.stowage.store.Commit;
import dev.stowage.store.ForwardingStore;
import dev.stowage.store.ForwardingStore.ForwardingSession;
import dev.stowage.store.ForwardingStore.ForwardingTransaction;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.StoreSession;
import dev.stowage.store.StoreTransaction;

/** A store that measures its last load and its last commit. Belongs to one thread. */
final class MeteredStore extends ForwardingStore {
  private long commitNanos;
  private long loadNanos;

  MeteredStore(ChunkStore store) {
    super(store);
  }

  /** Returns the seconds from the call to the answer of the last commit. */
  double commitSeconds() {
    return commitNanos / 1e9;
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
        commitNanos = System.nanoTime() - begin;
      }
    };
  }
}
