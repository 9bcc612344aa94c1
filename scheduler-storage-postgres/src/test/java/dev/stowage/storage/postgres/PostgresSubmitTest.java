package dev.stowage.storage.postgres;

import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.SubmitContract;

/** Runs {@link SubmitContract} on the PostgreSQL backend. */
class PostgresSubmitTest extends SubmitContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
