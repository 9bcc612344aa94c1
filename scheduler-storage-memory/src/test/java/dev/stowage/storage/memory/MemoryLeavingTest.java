package dev.stowage.storage.memory;

import dev.stowage.contract.LeavingContract;
import dev.stowage.contract.StoreFixture;

/** What is said of a worker that leaves, on the memory backend. */
class MemoryLeavingTest extends LeavingContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
