package dev.stowage.storage.postgres;

import dev.stowage.engine.StowageContract;
import dev.stowage.store.StoreFixture;

/** The facade end to end on the PostgreSQL backend. */
class PostgresStowageTest extends StowageContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
