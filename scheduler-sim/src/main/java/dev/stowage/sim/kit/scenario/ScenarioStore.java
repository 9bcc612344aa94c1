package dev.stowage.sim.kit.scenario;

import dev.stowage.store.ChunkStore;

/** What keeps the fleet of one world. */
public interface ScenarioStore extends AutoCloseable {
  /** Opens one for each world. */
  interface Backend {
    /** A store whose fleet has not begun. */
    ScenarioStore open();
  }

  /** The store, as the process sees it whose scheduler leads. */
  ChunkStore store();

  /** Another process opens the store; the one before goes on with what it has. */
  default void switchProcess() {}

  /** The process whose scheduler leads dies, and another one opens the store. */
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

  @Override
  void close();
}
