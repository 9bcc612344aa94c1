package dev.stowage.sim.filestore;

import dev.stowage.store.StoreFixture;
import dev.stowage.store.StoreLeaseContract;

/** How long a lease lasts on files. */
class FileStoreLeaseTest extends StoreLeaseContract {
  private long token;

  @Override
  protected StoreFixture open() {
    return FolderFixture.fresh(() -> ++token);
  }
}
