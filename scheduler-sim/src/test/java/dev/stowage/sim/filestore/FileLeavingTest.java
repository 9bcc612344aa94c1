package dev.stowage.sim.filestore;

import dev.stowage.engine.LeavingContract;
import dev.stowage.store.StoreFixture;

/** What is said of a worker that leaves, on the store of files. */
class FileLeavingTest extends LeavingContract {
  private long token;

  @Override
  protected StoreFixture open() {
    return FolderFixture.fresh(() -> ++token);
  }
}
