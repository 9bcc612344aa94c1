package dev.stowage.storage.memory;

import dev.stowage.contract.LeavingContract;
import dev.stowage.contract.StoreFixture;

/** Runs {@link LeavingContract} on the memory backend. */
class MemoryLeavingTest extends LeavingContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
