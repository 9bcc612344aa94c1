package dev.stowage.storage.memory;

import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.StoreLeaseContract;

/** How long a lease lasts on the memory backend. */
class MemoryStoreLeaseTest extends StoreLeaseContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
