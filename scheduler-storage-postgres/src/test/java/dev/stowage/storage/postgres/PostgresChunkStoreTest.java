package dev.stowage.storage.postgres;

import dev.stowage.store.ChunkStoreContract;
import dev.stowage.store.StoreFixture;

/** The storage contract on the PostgreSQL backend, unchanged. */
class PostgresChunkStoreTest extends ChunkStoreContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
