package dev.stowage.storage.memory;

import dev.stowage.contract.NullsContract;
import dev.stowage.contract.StoreFixture;
import dev.stowage.store.ChunkStore;

/** Nulls on the memory backend. */
class MemoryNullsTest extends NullsContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }

  @Override
  protected Class<? extends ChunkStore> storeType() {
    return MemoryChunkStore.class;
  }
}
