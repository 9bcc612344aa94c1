package host;

import dev.stowage.sim.kit.conformance.StoreUnderTest;
import dev.stowage.store.spi.FleetStore;
import java.util.function.LongSupplier;

/** An {@link OwnStore}, and what the world does to it. */
final class OwnUnderTest implements StoreUnderTest {
  /** What is to be wrong with the store. */
  private static final Bug BUG = Bug.valueOf(System.getProperty("planted.bug", "NONE"));

  private final OwnStore store;

  OwnUnderTest(LongSupplier lineageTokens) {
    store = OwnStore.open(lineageTokens, BUG);
  }

  OwnUnderTest(LongSupplier lineageTokens, LongSupplier trustedNanos) {
    store = OwnStore.open(lineageTokens, trustedNanos, BUG);
  }

  @Override
  public FleetStore connect() {
    return store;
  }

  @Override
  public void expireLease() {
    store.expireLease();
  }

  @Override
  public void crash() {
    store.crash();
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
