package dev.stowage.storage.postgres;

import dev.stowage.contract.LeavingContract;
import dev.stowage.contract.StoreFixture;

/** Runs {@link LeavingContract} on the PostgreSQL backend. */
class PostgresLeavingTest extends LeavingContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
