package dev.stowage.storage.memory;

import dev.stowage.contract.ChunkStoreContract;
import dev.stowage.contract.StoreFixture;

/** The storage contract on the memory backend, unchanged. */
class MemoryChunkStoreTest extends ChunkStoreContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
