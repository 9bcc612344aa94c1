package dev.stowage.storage.postgres;

import dev.stowage.engine.LeaseContract;
import dev.stowage.store.StoreFixture;

/** Leases that are over before the work is, on the PostgreSQL backend. */
class PostgresLeaseTest extends LeaseContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
