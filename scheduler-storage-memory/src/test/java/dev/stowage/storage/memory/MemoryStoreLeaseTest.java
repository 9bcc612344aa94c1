package dev.stowage.storage.memory;

import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.StoreLeaseContract;

/** Runs {@link StoreLeaseContract} on the memory backend. */
class MemoryStoreLeaseTest extends StoreLeaseContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
