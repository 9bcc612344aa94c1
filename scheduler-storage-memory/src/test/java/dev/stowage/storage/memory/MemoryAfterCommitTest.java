package dev.stowage.storage.memory;

import dev.stowage.engine.AfterCommitContract;
import dev.stowage.store.StoreFixture;

/** What happens behind a commit, on the memory backend. */
class MemoryAfterCommitTest extends AfterCommitContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
