package dev.stowage.sim.filestore;

import dev.stowage.engine.AfterCommitContract;
import dev.stowage.store.StoreFixture;

/** What happens behind a commit, on files. */
class FileAfterCommitTest extends AfterCommitContract {
  private long token;

  @Override
  protected StoreFixture open() {
    return FolderFixture.fresh(() -> ++token);
  }
}
