package dev.stowage.sim.kit.scenario;

import dev.stowage.storage.memory.Checkpoint;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.ChunkStore;
import org.jspecify.annotations.Nullable;

/** A fleet in memory. */
final class MemoryScenarioStore implements ScenarioStore {
  /** The time between two readings of a clock that runs, in nanoseconds: more than any story. */
  private static final long RUN = 1_000_000_000;

  private long clock;
  private final MemoryChunkStore store;
  private @Nullable Checkpoint checkpoint;

  MemoryScenarioStore() {
    this(false);
  }

  private MemoryScenarioStore(boolean hasClock) {
    MemoryChunkStore.Builder builder =
        MemoryChunkStore.builder().twin().lineageTokens(new ScenarioTokens());
    store =
        hasClock
            ? builder.clock(() -> clock += RUN).build()
            : builder.leaseClock(() -> clock).build();
  }

  static ScenarioStore.Backend backend() {
    return new ScenarioStore.Backend() {
      @Override
      public ScenarioStore open() {
        return new MemoryScenarioStore();
      }

      @Override
      public ScenarioStore openWithClock() {
        return new MemoryScenarioStore(true);
      }
    };
  }

  @Override
  public ChunkStore store() {
    return store;
  }

  @Override
  public void expireLease() {
    store.lease().ifPresent(lease -> clock = lease.expiresAtNanos());
  }

  @Override
  public void remember() {
    checkpoint = store.checkpoint();
  }

  @Override
  public void restore() {
    Checkpoint remembered = checkpoint;
    if (remembered == null) {
      throw new IllegalStateException("nothing was remembered; a checkpoint comes before");
    }
    store.restore(remembered);
  }

  @Override
  public void close() {
    store.close();
  }
}
