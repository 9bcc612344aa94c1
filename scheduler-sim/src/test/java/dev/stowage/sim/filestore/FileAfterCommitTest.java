package dev.stowage.sim.filestore;

import dev.stowage.engine.AfterCommitContract;
import dev.stowage.store.StoreFixture;
import java.util.concurrent.atomic.AtomicLong;

/** What happens behind a commit, on files. */
class FileAfterCommitTest extends AfterCommitContract {
  /** Every fixture has the same lineages, so that two fleets that hear the same answer the same. */
  @Override
  protected StoreFixture open() {
    return FolderFixture.fresh(new AtomicLong(1)::getAndIncrement);
  }
}
