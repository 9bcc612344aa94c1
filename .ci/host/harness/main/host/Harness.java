package host;

import dev.stowage.sim.kit.conformance.Check;
import dev.stowage.sim.kit.conformance.Conformance;
import dev.stowage.sim.kit.conformance.StoreUnderTest;
import dev.stowage.storage.memory.Checkpoint;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.spi.FleetStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Some scenarios, a short walk of each model and two chains, without a test framework. */
public final class Harness {
  private static final int LEAST_SCENARIOS = 50;

  private Harness() {}

  /** Ends with an exception at the first check that fails. */
  public static void main(String[] none) {
    Conformance kit = Conformance.of(MemoryUnderTest::new);
    List<Check> scenarios = kit.scenarios();
    if (scenarios.size() < LEAST_SCENARIOS) {
      throw new AssertionError("only " + scenarios.size() + " scenarios are found");
    }
    List<Check> checks = new ArrayList<>(scenarios.subList(0, 10));
    checks.addAll(kit.walks(1, 50, 3));
    checks.addAll(kit.chains(2, 20, 1));
    checks.stream().filter(check -> check.obstacle().isEmpty()).forEach(Check::run);
    System.out.println(checks.size() + " checks hold");
  }

  private static final class MemoryUnderTest implements StoreUnderTest {
    private final AtomicLong clock = new AtomicLong(1);
    private final MemoryChunkStore store;
    private Checkpoint remembered;

    MemoryUnderTest(LongSupplier lineageTokens) {
      store = MemoryChunkStore.builder().clock(clock::get).lineageTokens(lineageTokens).build();
    }

    @Override
    public FleetStore connect() {
      return store;
    }

    @Override
    public void expireLease() {
      store.lease().ifPresent(lease -> clock.set(lease.expiresAtNanos()));
    }

    @Override
    public void crash() {
      // what this store keeps is durable for as long as this process is there
    }

    @Override
    public boolean canLoseCommits() {
      return true;
    }

    @Override
    public void remember() {
      remembered = store.checkpoint();
    }

    @Override
    public void restore() {
      store.restore(remembered);
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
