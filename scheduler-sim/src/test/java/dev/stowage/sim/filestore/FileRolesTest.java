package dev.stowage.sim.filestore;

import dev.stowage.engine.RolesContract;
import dev.stowage.store.StoreFixture;

/** The contract of roles on files, unchanged. */
class FileRolesTest extends RolesContract {
  private long token;

  @Override
  protected StoreFixture open() {
    return FolderFixture.fresh(() -> ++token);
  }
}
