package dev.stowage.storage.memory;

import dev.stowage.engine.BoundsProperties;
import dev.stowage.store.StoreFixture;

/** Commands of any size on the memory backend. */
class MemoryBoundsPropertiesTest extends BoundsProperties {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
