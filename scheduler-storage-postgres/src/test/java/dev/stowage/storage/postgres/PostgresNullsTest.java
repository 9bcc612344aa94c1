package dev.stowage.storage.postgres;

import dev.stowage.engine.NullsContract;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.StoreFixture;

/** Nulls on the PostgreSQL backend. */
class PostgresNullsTest extends NullsContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }

  @Override
  protected Class<? extends ChunkStore> storeType() {
    return PostgresChunkStore.class;
  }
}
