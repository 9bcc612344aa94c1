package dev.stowage.storage.postgres;

import dev.stowage.contract.ChunkStoreContract;
import dev.stowage.contract.StoreFixture;

/** The storage contract behind a proxy that pools transactions, unchanged. */
class PooledChunkStoreTest extends ChunkStoreContract {
  private final TestServer proxy = PoolingProxy.get();

  @Override
  protected StoreFixture open() {
    return new PostgresFixture(
        TestServer.get(),
        any -> PostgresChunkStore.builder(proxy.source()).withoutListening().withoutTrustedClock());
  }
}
