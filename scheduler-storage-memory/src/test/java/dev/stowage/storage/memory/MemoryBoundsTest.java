package dev.stowage.storage.memory;

import dev.stowage.engine.BoundsContract;
import dev.stowage.store.StoreFixture;

/** The bounds of commands on the memory backend. */
class MemoryBoundsTest extends BoundsContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
