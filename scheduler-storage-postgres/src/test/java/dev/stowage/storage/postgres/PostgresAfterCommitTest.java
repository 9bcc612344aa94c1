package dev.stowage.storage.postgres;

import dev.stowage.contract.AfterCommitContract;
import dev.stowage.contract.StoreFixture;
import org.junit.jupiter.api.Tag;

/** Runs {@link AfterCommitContract} on the PostgreSQL backend. */
@Tag("deep")
class PostgresAfterCommitTest extends AfterCommitContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
