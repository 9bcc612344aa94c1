package dev.stowage.storage.postgres;

import dev.stowage.contract.ChunkStoreContract;
import dev.stowage.contract.StoreFixture;

/** The storage contract on the PostgreSQL backend, unchanged. */
class PostgresChunkStoreTest extends ChunkStoreContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
