package host;

import dev.stowage.store.ChunkStore;
import dev.stowage.contract.StoreFixture;
import java.util.concurrent.atomic.AtomicLong;

/** For the contracts of core. */
final class OwnFixture implements StoreFixture {
  private final OwnStore store = OwnStore.open(new AtomicLong(1)::getAndIncrement);

  @Override
  public ChunkStore connect() {
    return store;
  }

  @Override
  public void expireLease() {
    store.expireLease();
  }

  @Override
  public boolean keepsAssignments() {
    return true;
  }

  @Override
  public void close() {
    store.close();
  }
}
