package dev.stowage.storage.postgres;

import dev.stowage.contract.ChunkStoreContract;
import dev.stowage.contract.StoreFixture;

/** The storage contract behind a proxy that pools transactions, unchanged. */
class PooledChunkStoreTest extends ChunkStoreContract {
  private final TestServer proxy = PoolingProxy.get();

  @Override
  protected StoreFixture open() {
    return new PostgresFixture(
        proxy,
        server ->
            PostgresChunkStore.builder(server.source()).withoutListening().withoutTrustedClock());
  }
}
