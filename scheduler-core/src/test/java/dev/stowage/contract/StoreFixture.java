package dev.stowage.contract;

import dev.stowage.store.spi.FleetStore;

/**
 * A store under test, as the storage contract needs it. Whoever writes a {@link FleetStore}
 * implements this in a few lines and runs the contract unchanged.
 */
public interface StoreFixture extends AutoCloseable {
  /** Another connection to the one store of this fixture, as another process would open it. */
  FleetStore connect();

  /** Lets the present lease run out on the store's clock. */
  void expireLease();

  /** Reports whether a leader that loads the state can serve deltas since older assignments. */
  default boolean keepsAssignments() {
    return false;
  }

  /** Lets the store suspect that it lost commits, as after a failover; false if it cannot. */
  default boolean losesCommits() {
    return false;
  }

  @Override
  void close();
}
