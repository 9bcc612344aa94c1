package dev.stowage.sim.kit.conformance;

import dev.stowage.contract.StoreFixture;
import dev.stowage.store.spi.FleetStore;
import java.util.concurrent.atomic.AtomicLong;

/** A store under test, as the contracts use it. Not thread-safe. */
final class ContractFixture implements StoreFixture {
  private final StoreUnderTest store;

  ContractFixture(StoreUnderTest store) {
    this.store = store;
    ProgressLog.opened();
  }

  /** Creates a fresh store whose lineages have the tokens 1, 2 and so on. */
  static ContractFixture of(StoreUnderTest.Maker maker) {
    return new ContractFixture(maker.open(new AtomicLong(1)::getAndIncrement));
  }

  @Override
  public FleetStore connect() {
    return store.connect();
  }

  @Override
  public void expireLease() {
    store.expireLease();
  }

  @Override
  public boolean keepsAssignments() {
    return store.keepsAssignments();
  }

  @Override
  public boolean losesCommits() {
    if (store.canLoseCommits()) {
      store.remember();
      store.restore();
    }
    return store.canLoseCommits();
  }

  @Override
  public void close() {
    store.close();
  }
}
