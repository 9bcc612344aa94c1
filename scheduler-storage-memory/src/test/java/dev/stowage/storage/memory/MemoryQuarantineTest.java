package dev.stowage.storage.memory;

import dev.stowage.engine.QuarantineContract;
import dev.stowage.store.StoreFixture;

/** The quarantine of news on the memory backend. */
class MemoryQuarantineTest extends QuarantineContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
