package host;

import dev.stowage.sim.kit.conformance.StoreUnderTest;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.StoreFixture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** For the contracts of core and for the harness. */
final class OwnFixture implements StoreFixture, StoreUnderTest {
  private final OwnStore store;

  private OwnFixture(LongSupplier lineageTokens) {
    store = OwnStore.open(lineageTokens);
  }

  static OwnFixture fresh(LongSupplier lineageTokens) {
    return new OwnFixture(lineageTokens);
  }

  static OwnFixture fresh() {
    return new OwnFixture(new AtomicLong(1)::getAndIncrement);
  }

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
  public void crash() {
    // what this store keeps is durable for as long as this process is there
  }

  @Override
  public void close() {
    store.close();
  }
}
