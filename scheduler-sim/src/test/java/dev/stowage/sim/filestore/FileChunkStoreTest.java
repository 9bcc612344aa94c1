package dev.stowage.sim.filestore;

import dev.stowage.store.ChunkStoreContract;
import dev.stowage.store.StoreFixture;

/** The storage contract on files, unchanged. */
class FileChunkStoreTest extends ChunkStoreContract {
  private long token;

  @Override
  protected StoreFixture open() {
    return FolderFixture.fresh(() -> ++token);
  }
}
