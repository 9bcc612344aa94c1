package dev.stowage.sim.filestore;

import dev.stowage.engine.LeaseContract;
import dev.stowage.store.StoreFixture;

/** Leases that are over before the work is, on files. */
class FileLeaseTest extends LeaseContract {
  private long token;

  @Override
  protected StoreFixture open() {
    return FolderFixture.fresh(() -> ++token);
  }
}
