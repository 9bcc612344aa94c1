package dev.stowage.storage.postgres;

import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.StowageContract;

/** The facade end to end on the PostgreSQL backend. */
class PostgresStowageTest extends StowageContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
