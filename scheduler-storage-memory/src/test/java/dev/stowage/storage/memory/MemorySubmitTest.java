package dev.stowage.storage.memory;

import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.SubmitContract;

/** Runs {@link SubmitContract} on the memory backend. */
class MemorySubmitTest extends SubmitContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
