package dev.stowage.storage.memory;

import dev.stowage.contract.RebalancingContract;
import dev.stowage.contract.StoreFixture;

/** Rebalancing end to end on the memory backend. */
class MemoryRebalancingTest extends RebalancingContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
