package dev.stowage.storage.memory;

import dev.stowage.contract.SliceSumContract;
import dev.stowage.contract.StoreFixture;

/** Checksums of slices on the memory backend. */
class MemorySliceSumTest extends SliceSumContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
