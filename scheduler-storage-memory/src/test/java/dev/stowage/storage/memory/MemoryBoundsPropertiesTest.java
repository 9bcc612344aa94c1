package dev.stowage.storage.memory;

import dev.stowage.contract.BoundsProperties;
import dev.stowage.contract.StoreFixture;

/** Commands of any size on the memory backend. */
class MemoryBoundsPropertiesTest extends BoundsProperties {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
