package dev.stowage.storage.memory;

import dev.stowage.contract.BoundsContract;
import dev.stowage.contract.StoreFixture;

/** The bounds of commands on the memory backend. */
class MemoryBoundsTest extends BoundsContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
