package dev.stowage.storage.postgres;

import dev.stowage.contract.SliceSumContract;
import dev.stowage.contract.StoreFixture;

/** Checksums of slices on the PostgreSQL backend. */
class PostgresSliceSumTest extends SliceSumContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
