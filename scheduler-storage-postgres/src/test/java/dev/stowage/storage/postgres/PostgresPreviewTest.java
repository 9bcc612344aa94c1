package dev.stowage.storage.postgres;

import dev.stowage.contract.PreviewContract;
import dev.stowage.contract.StoreFixture;

/** Runs {@link PreviewContract} on the PostgreSQL backend. */
class PostgresPreviewTest extends PreviewContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
