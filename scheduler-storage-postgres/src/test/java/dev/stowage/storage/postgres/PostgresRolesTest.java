package dev.stowage.storage.postgres;

import dev.stowage.contract.RolesContract;
import dev.stowage.contract.StoreFixture;

/** Facades that lost the lease, or were closed, on the PostgreSQL backend. */
class PostgresRolesTest extends RolesContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
