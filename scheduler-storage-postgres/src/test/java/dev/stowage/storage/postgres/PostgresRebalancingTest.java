package dev.stowage.storage.postgres;

import dev.stowage.engine.RebalancingContract;
import dev.stowage.store.StoreFixture;

/** Rebalancing end to end on the PostgreSQL backend. */
class PostgresRebalancingTest extends RebalancingContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
