package dev.stowage.storage.postgres;

import dev.stowage.contract.NewcomersContract;
import dev.stowage.contract.StoreFixture;

/** Runs {@link NewcomersContract} on the PostgreSQL backend. */
class PostgresNewcomersTest extends NewcomersContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
