package dev.stowage.sim.kit.scenario;

import dev.stowage.store.StorageException;
import dev.stowage.store.spi.FleetStore;

/** The store behind the fleet of one world. */
public interface ScenarioStore extends AutoCloseable {
  /** Opens one for each world. */
  interface Backend {
    /** Opens a store whose fleet has not begun. */
    ScenarioStore open();

    /**
     * Opens a store whose fleet has not begun, and trusts the store's own clock.
     *
     * @throws UnsupportedOperationException if it has no clock that runs
     */
    default ScenarioStore openWithClock() {
      throw new UnsupportedOperationException("this store has no clock of its own that runs");
    }
  }

  /** Returns the store as the leading process sees it. */
  FleetStore store();

  /** Opens the store in another process; the earlier process keeps its connection. */
  default void switchProcess() {}

  /** Kills the leading process, and opens the store in another one. */
  default void crash() {}

  /** Lets the present lease run out, so that a holder of another name is granted the next one. */
  void expireLease();

  /**
   * Remembers all that is durable now.
   *
   * @throws UnsupportedOperationException if it cannot lose commits
   */
  void remember();

  /**
   * Falls back to what was remembered, as a failover does that lost the commits since.
   *
   * @throws IllegalStateException if nothing was remembered
   * @throws UnsupportedOperationException if it cannot lose commits
   */
  void restore();

  /**
   * Ends the server that keeps the fleet at once, as a power cut would, and starts it again; every
   * connection is gone. What has no server of its own stays as it is.
   */
  default void kill() {}

  /**
   * Reports whether a failure that outlasted all attempts is the environment's: the server ended
   * its sessions, or is gone. It then ends the run and is no finding.
   */
  default boolean isLost(StorageException failure) {
    return false;
  }

  @Override
  void close();
}
