package dev.stowage.storage.postgres;

import dev.stowage.contract.RebalancingContract;
import dev.stowage.contract.StoreFixture;
import org.junit.jupiter.api.Tag;

/** Rebalancing end to end on the PostgreSQL backend. */
@Tag("deep")
class PostgresRebalancingTest extends RebalancingContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
