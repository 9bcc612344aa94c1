package dev.stowage.storage.memory;

import dev.stowage.store.ChunkStore;
import dev.stowage.store.StoreFixture;
import java.util.concurrent.atomic.AtomicLong;

/** A memory store whose clock is turned by hand. */
final class MemoryFixture implements StoreFixture {
  private final AtomicLong clock = new AtomicLong(1);
  private final MemoryChunkStore store =
      MemoryChunkStore.builder().clock(clock::get).fixedLineages().build();

  @Override
  public ChunkStore connect() {
    return store;
  }

  @Override
  public void expireLease() {
    store.lease().ifPresent(lease -> clock.set(lease.expiresAtNanos()));
  }

  @Override
  public boolean keepsAssignments() {
    return true;
  }

  @Override
  public void close() {
    store.close();
  }
}
