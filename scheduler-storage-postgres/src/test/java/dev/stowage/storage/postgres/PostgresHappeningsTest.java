package dev.stowage.storage.postgres;

import dev.stowage.contract.HappeningsContract;
import dev.stowage.contract.StoreFixture;

/** Runs {@link HappeningsContract} on the PostgreSQL backend. */
class PostgresHappeningsTest extends HappeningsContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
