package dev.stowage.storage.postgres;

import dev.stowage.engine.BoundsContract;
import dev.stowage.store.StoreFixture;

/** The bounds of commands on the PostgreSQL backend. */
class PostgresBoundsTest extends BoundsContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
