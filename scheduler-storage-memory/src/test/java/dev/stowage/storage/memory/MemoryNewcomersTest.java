package dev.stowage.storage.memory;

import dev.stowage.contract.NewcomersContract;
import dev.stowage.contract.StoreFixture;

/** Runs {@link NewcomersContract} on the memory backend. */
class MemoryNewcomersTest extends NewcomersContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
