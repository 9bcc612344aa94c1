package dev.stowage.storage.postgres;

import dev.stowage.engine.SliceSumContract;
import dev.stowage.store.StoreFixture;

/** Checksums of slices on the PostgreSQL backend. */
class PostgresSliceSumTest extends SliceSumContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
