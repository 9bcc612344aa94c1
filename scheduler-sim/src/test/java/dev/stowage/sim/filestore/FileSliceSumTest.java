package dev.stowage.sim.filestore;

import dev.stowage.engine.SliceSumContract;
import dev.stowage.store.StoreFixture;

/** Checksums of slices on files. */
class FileSliceSumTest extends SliceSumContract {
  private long token;

  @Override
  protected StoreFixture open() {
    return FolderFixture.fresh(() -> ++token);
  }
}
