package dev.stowage.sim.kit.conformance;

import dev.stowage.store.ChunkStore;
import java.util.function.LongSupplier;

/**
 * One store of one fleet, and what the world does to it. Whoever writes a {@link ChunkStore}
 * implements this once. Used by one thread.
 */
public interface StoreUnderTest extends AutoCloseable {
  /** Makes stores. */
  interface Maker {
    /**
     * A fresh store, whose fleet has not begun.
     *
     * @param lineageTokens where the store draws the tokens of new lineages from, for as long as it
     *     is there: they are part of the state that is compared
     */
    StoreUnderTest open(LongSupplier lineageTokens);
  }

  /**
   * The store as another process opens it; the same connection again where one process at a time
   * may have it. Connections that were handed out before stay good.
   */
  ChunkStore connect();

  /** Lets the present lease run out on the store's clock. */
  void expireLease();

  /**
   * The process that connected last dies as by {@code SIGKILL}: nothing of it is closed in good
   * order, and what it only kept in memory is gone. {@link #connect} then opens the store from what
   * is durable. Sessions of connections that died with it are fenced.
   */
  void crash();

  /** Whether {@link #remember} and {@link #restore} work. */
  default boolean canLoseCommits() {
    return false;
  }

  /**
   * Reports whether a leader that loads the state can go on with deltas since older assignments, as
   * one can on a store that keeps them.
   */
  default boolean keepsAssignments() {
    return false;
  }

  /**
   * Remembers all that is durable now.
   *
   * @throws UnsupportedOperationException if it cannot lose commits
   */
  default void remember() {
    throw new UnsupportedOperationException("this store is not made to lose commits");
  }

  /**
   * Falls back to what was remembered last, as a failover does that lost the commits since; the
   * next claim then begins a new lineage.
   *
   * @throws UnsupportedOperationException if it cannot lose commits
   */
  default void restore() {
    throw new UnsupportedOperationException("this store is not made to lose commits");
  }

  /** Throws the store away, with all that it keeps. */
  @Override
  void close();
}
