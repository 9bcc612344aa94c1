package dev.stowage.storage.postgres;

import dev.stowage.contract.LeaseContract;
import dev.stowage.contract.StoreFixture;

/** Leases that are over before the work is, on the PostgreSQL backend. */
class PostgresLeaseTest extends LeaseContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
