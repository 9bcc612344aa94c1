package dev.stowage.sim.kit.scenario;

import dev.stowage.storage.memory.Checkpoint;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.ChunkStore;
import org.jspecify.annotations.Nullable;

/** A fleet in memory. */
final class MemoryScenarioStore implements ScenarioStore {
  private long clock;
  private final MemoryChunkStore store =
      MemoryChunkStore.builder()
          .leaseClock(() -> clock)
          .lineageTokens(new ScenarioTokens())
          .build();
  private @Nullable Checkpoint checkpoint;

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
