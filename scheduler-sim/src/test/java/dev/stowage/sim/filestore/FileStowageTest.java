package dev.stowage.sim.filestore;

import dev.stowage.engine.StowageContract;
import dev.stowage.store.StoreFixture;

/** The facade's contract on files, unchanged. */
class FileStowageTest extends StowageContract {
  private long token;

  @Override
  protected StoreFixture open() {
    return FolderFixture.fresh(() -> ++token);
  }
}
