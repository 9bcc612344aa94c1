package dev.stowage.sim.filestore;

import dev.stowage.engine.RebalancingContract;
import dev.stowage.store.StoreFixture;

/** The rebalancing contract on files, unchanged. */
class FileRebalancingTest extends RebalancingContract {
  private long token;

  @Override
  protected StoreFixture open() {
    return FolderFixture.fresh(() -> ++token);
  }
}
