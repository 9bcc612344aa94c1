package dev.stowage.storage.memory;

import dev.stowage.contract.PreviewContract;
import dev.stowage.contract.StoreFixture;

/** Runs {@link PreviewContract} on the memory backend. */
class MemoryPreviewTest extends PreviewContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
