package dev.stowage.storage.postgres;

import dev.stowage.engine.AfterCommitContract;
import dev.stowage.store.StoreFixture;

/** What happens behind a commit, on the PostgreSQL backend. */
class PostgresAfterCommitTest extends AfterCommitContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
