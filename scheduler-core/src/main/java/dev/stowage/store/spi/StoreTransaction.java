package dev.stowage.store.spi;

import dev.stowage.model.Tick;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.StorageException;
import java.util.OptionalLong;

/**
 * One change of the fleet: it reads one moment, is invisible before the commit, and leaves nothing
 * if closed without one. Belongs to one thread.
 */
public interface StoreTransaction extends AutoCloseable {
  /** Returns the first commands of the log, equal at each call. */
  News news();

  /** Returns {@link FleetStore#trustedClockNanos} inside this transaction. */
  default OptionalLong trustedClockNanos() {
    return OptionalLong.empty();
  }

  /**
   * Makes the change durable, verifying the epoch and the newest assignments of the caller's
   * mirror. A durable key takes no second effect.
   *
   * @throws StorageException.Fenced if another leads or the ids differ; nothing is changed
   * @throws StorageException.Transient if it failed; the outcome tells what is known
   */
  void commit(Commit commit);

  /**
   * Verifies and throws as {@link #commit}, and stores a cycle's tick and the trusted clock, {@code
   * FleetRow.Time.UNREAD} without one. Idempotent; a tick below the stored one is ignored.
   */
  void advance(AssignmentIds expected, Tick largestTick, long clockNanos);

  /** Verifies as {@link #commit} and only extends the lease; only closing may follow. */
  void verifyLease(AssignmentIds expected);

  /** Rolls back uncommitted work. Idempotent. */
  @Override
  void close();
}
