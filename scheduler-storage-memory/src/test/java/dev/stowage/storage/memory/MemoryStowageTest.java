package dev.stowage.storage.memory;

import dev.stowage.engine.StowageContract;
import dev.stowage.store.StoreFixture;

/** The facade end to end on the memory backend. */
class MemoryStowageTest extends StowageContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
