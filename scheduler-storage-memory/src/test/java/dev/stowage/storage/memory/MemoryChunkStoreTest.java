package dev.stowage.storage.memory;

import dev.stowage.store.ChunkStoreContract;
import dev.stowage.store.StoreFixture;

/** The storage contract on the memory backend, unchanged. */
class MemoryChunkStoreTest extends ChunkStoreContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
