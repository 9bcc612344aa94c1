package dev.stowage.storage.memory;

import dev.stowage.contract.AfterCommitContract;
import dev.stowage.contract.StoreFixture;

/** Runs {@link AfterCommitContract} on the memory backend. */
class MemoryAfterCommitTest extends AfterCommitContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
