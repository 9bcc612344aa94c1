package dev.stowage.storage.postgres;

import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.StoreLeaseContract;

/** Runs {@link StoreLeaseContract} on the PostgreSQL backend. */
class PostgresStoreLeaseTest extends StoreLeaseContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
