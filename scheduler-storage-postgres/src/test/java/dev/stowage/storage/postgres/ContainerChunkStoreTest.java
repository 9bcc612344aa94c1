package dev.stowage.storage.postgres;

import dev.stowage.contract.ChunkStoreContract;
import dev.stowage.contract.StoreFixture;
import org.junit.jupiter.api.Tag;

/** The storage contract on a server in a container, unchanged. */
@Tag("deep")
class ContainerChunkStoreTest extends ChunkStoreContract {
  private final TestServer server = TestServer.inContainer();

  @Override
  protected StoreFixture open() {
    return new PostgresFixture(
        server, it -> PostgresChunkStore.builder(it.source()).withoutTrustedClock());
  }
}
