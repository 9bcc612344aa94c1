package dev.stowage.storage.memory;

import dev.stowage.contract.ServiceContract;
import dev.stowage.contract.StoreFixture;

/** Services on the memory backend. */
class MemoryServiceTest extends ServiceContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
