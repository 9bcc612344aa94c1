package dev.stowage.storage.memory;

import dev.stowage.contract.RolesContract;
import dev.stowage.contract.StoreFixture;

/** Facades that lost the lease, or were closed, on the memory backend. */
class MemoryRolesTest extends RolesContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
