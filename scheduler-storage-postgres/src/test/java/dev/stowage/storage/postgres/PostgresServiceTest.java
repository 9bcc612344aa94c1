package dev.stowage.storage.postgres;

import dev.stowage.engine.ServiceContract;
import dev.stowage.store.StoreFixture;

/** Services on the PostgreSQL backend. */
class PostgresServiceTest extends ServiceContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
