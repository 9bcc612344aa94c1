package dev.stowage.sim.kit.conformance;

import dev.stowage.store.spi.FleetStore;
import java.util.function.LongSupplier;

/**
 * One store of one fleet, and what the world does to it. Whoever writes a {@link FleetStore}
 * implements this once. Used by one thread.
 */
public interface StoreUnderTest extends AutoCloseable {
  /** Makes stores. */
  interface Maker {
    /**
     * Opens a fresh store, whose fleet has not begun.
     *
     * @param lineageTokens the source of tokens for new lineages during the whole life of the
     *     store; tokens are part of the compared state
     */
    StoreUnderTest open(LongSupplier lineageTokens);
  }

  /**
   * Connects another process to the store; returns the present connection if the store admits only
   * one process at a time. Earlier connections stay valid.
   */
  FleetStore connect();

  /** Lets the present lease run out on the store's clock. */
  void expireLease();

  /**
   * Kills the process that connected last, as by {@code SIGKILL}: nothing is closed in order, and
   * its memory is lost. {@link #connect} then opens the store from durable state. Sessions of the
   * dead connections are fenced.
   */
  void crash();

  /** Reports whether {@link #remember} and {@link #restore} work. */
  default boolean canLoseCommits() {
    return false;
  }

  /** Reports whether a leader that loads the state can serve deltas since older assignments. */
  default boolean keepsAssignments() {
    return false;
  }

  /**
   * Remembers all that is durable now.
   *
   * @throws UnsupportedOperationException if it cannot lose commits
   */
  default void remember() {
    throw new UnsupportedOperationException(
        "this store cannot lose commits: it overrides neither remember() nor restore()");
  }

  /**
   * Falls back to what was remembered last, as a failover does that lost the commits since; the
   * next claim then begins a new lineage.
   *
   * @throws UnsupportedOperationException if it cannot lose commits
   */
  default void restore() {
    throw new UnsupportedOperationException(
        "this store cannot lose commits: it overrides neither remember() nor restore()");
  }

  /** Throws the store away, with all that it keeps. */
  @Override
  void close();
}
