package dev.stowage.sim.filestore;

import dev.stowage.engine.ServiceContract;
import dev.stowage.store.StoreFixture;

/** The contract of services on files, unchanged. */
class FileServiceTest extends ServiceContract {
  private long token;

  @Override
  protected StoreFixture open() {
    return FolderFixture.fresh(() -> ++token);
  }
}
