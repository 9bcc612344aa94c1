package dev.stowage.storage.memory;

import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.WaitingReportsContract;

/** Runs {@link WaitingReportsContract} on the memory backend. */
class MemoryWaitingReportsTest extends WaitingReportsContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
