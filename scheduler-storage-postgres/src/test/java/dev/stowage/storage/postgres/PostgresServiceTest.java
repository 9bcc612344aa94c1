package dev.stowage.storage.postgres;

import dev.stowage.contract.ServiceContract;
import dev.stowage.contract.StoreFixture;

/** Services on the PostgreSQL backend. */
class PostgresServiceTest extends ServiceContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
