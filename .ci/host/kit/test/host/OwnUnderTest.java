package host;

import dev.stowage.sim.kit.conformance.StoreUnderTest;
import dev.stowage.store.ChunkStore;
import java.util.function.LongSupplier;

/** For the harness; apart from {@link OwnFixture}, which cannot be on the module path. */
final class OwnUnderTest implements StoreUnderTest {
  private final OwnStore store;

  private OwnUnderTest(OwnStore store) {
    this.store = store;
  }

  static OwnUnderTest fresh(LongSupplier lineageTokens) {
    return new OwnUnderTest(OwnStore.open(lineageTokens));
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
  public void crash() {
    // what this store keeps is durable for as long as this process is there
  }

  @Override
  public void close() {
    store.close();
  }
}
