package dev.stowage.storage.memory;

import dev.stowage.engine.RebalancingContract;
import dev.stowage.store.StoreFixture;

/** Rebalancing end to end on the memory backend. */
class MemoryRebalancingTest extends RebalancingContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
