package dev.stowage.storage.postgres;

import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.WaitingReportsContract;

/** Runs {@link WaitingReportsContract} on the PostgreSQL backend. */
class PostgresWaitingReportsTest extends WaitingReportsContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
