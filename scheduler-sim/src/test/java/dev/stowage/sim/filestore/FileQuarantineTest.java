package dev.stowage.sim.filestore;

import dev.stowage.engine.QuarantineContract;
import dev.stowage.store.StoreFixture;

/** The contract of the quarantine on files, unchanged. */
class FileQuarantineTest extends QuarantineContract {
  private long token;

  @Override
  protected StoreFixture open() {
    return FolderFixture.fresh(() -> ++token);
  }
}
