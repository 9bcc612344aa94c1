package dev.stowage.storage.postgres;

import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.StormContract;

/** Runs {@link StormContract} on the PostgreSQL backend. */
class PostgresStormTest extends StormContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }

  @Override
  protected int commandsOfAThread() {
    return 40;
  }
}
