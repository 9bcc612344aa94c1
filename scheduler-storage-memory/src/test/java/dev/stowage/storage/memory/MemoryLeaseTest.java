package dev.stowage.storage.memory;

import dev.stowage.contract.LeaseContract;
import dev.stowage.contract.StoreFixture;

/** Leases that are over before the work is, on the memory backend. */
class MemoryLeaseTest extends LeaseContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
