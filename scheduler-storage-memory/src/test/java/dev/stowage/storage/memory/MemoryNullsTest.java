package dev.stowage.storage.memory;

import dev.stowage.engine.NullsContract;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.StoreFixture;

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
