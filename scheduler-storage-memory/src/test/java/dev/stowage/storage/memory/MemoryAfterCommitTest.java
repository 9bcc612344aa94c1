package dev.stowage.storage.memory;

import dev.stowage.contract.AfterCommitContract;
import dev.stowage.contract.StoreFixture;

/** What happens behind a commit, on the memory backend. */
class MemoryAfterCommitTest extends AfterCommitContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
