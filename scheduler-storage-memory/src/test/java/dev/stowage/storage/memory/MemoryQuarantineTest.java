package dev.stowage.storage.memory;

import dev.stowage.contract.QuarantineContract;
import dev.stowage.contract.StoreFixture;

/** The quarantine of news on the memory backend. */
class MemoryQuarantineTest extends QuarantineContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
