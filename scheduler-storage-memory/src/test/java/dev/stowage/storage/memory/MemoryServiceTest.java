package dev.stowage.storage.memory;

import dev.stowage.engine.ServiceContract;
import dev.stowage.store.StoreFixture;

/** Services on the memory backend. */
class MemoryServiceTest extends ServiceContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
