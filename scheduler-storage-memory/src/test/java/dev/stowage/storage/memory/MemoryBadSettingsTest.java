package dev.stowage.storage.memory;

import dev.stowage.contract.BadSettingsContract;
import dev.stowage.contract.StoreFixture;

/** Leases that nobody can hold, and executors that run nothing, on the memory backend. */
class MemoryBadSettingsTest extends BadSettingsContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
