package dev.stowage.storage.memory;

import dev.stowage.engine.SliceSumContract;
import dev.stowage.store.StoreFixture;

/** Checksums of slices on the memory backend. */
class MemorySliceSumTest extends SliceSumContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
