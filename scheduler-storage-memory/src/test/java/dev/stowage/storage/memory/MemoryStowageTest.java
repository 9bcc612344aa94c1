package dev.stowage.storage.memory;

import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.StowageContract;

/** The facade end to end on the memory backend. */
class MemoryStowageTest extends StowageContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
