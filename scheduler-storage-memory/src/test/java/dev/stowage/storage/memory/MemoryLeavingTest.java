package dev.stowage.storage.memory;

import dev.stowage.engine.LeavingContract;
import dev.stowage.store.StoreFixture;

/** What is said of a worker that leaves, on the memory backend. */
class MemoryLeavingTest extends LeavingContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
