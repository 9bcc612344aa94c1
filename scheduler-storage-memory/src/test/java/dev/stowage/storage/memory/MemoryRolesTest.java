package dev.stowage.storage.memory;

import dev.stowage.engine.RolesContract;
import dev.stowage.store.StoreFixture;

/** Facades that lost the lease, or were closed, on the memory backend. */
class MemoryRolesTest extends RolesContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
