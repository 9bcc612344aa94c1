package dev.stowage.sim.filestore;

import dev.stowage.engine.TimeContract;
import dev.stowage.store.StoreFixture;
import java.util.function.LongSupplier;

/** Time that can be trusted, on the file backend. */
class FileTimeTest extends TimeContract {
  private long token;

  @Override
  protected StoreFixture open() {
    return FolderFixture.fresh(() -> ++token);
  }

  @Override
  protected StoreFixture open(LongSupplier clockNanos) {
    return FolderFixture.fresh(() -> ++token).trusting(clockNanos);
  }
}
