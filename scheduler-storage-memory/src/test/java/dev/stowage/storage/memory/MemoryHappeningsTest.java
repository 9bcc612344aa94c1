package dev.stowage.storage.memory;

import dev.stowage.contract.HappeningsContract;
import dev.stowage.contract.StoreFixture;

/** Runs {@link HappeningsContract} on the memory backend. */
class MemoryHappeningsTest extends HappeningsContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
