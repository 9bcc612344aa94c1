package dev.stowage.store;

import dev.stowage.model.Tick;
import java.util.OptionalLong;

/**
 * One change of the fleet, from reading what others wrote to the commit. Everything in it is seen
 * as of one moment, nothing of it is seen by anybody before the commit, and closing it without a
 * commit leaves nothing behind. Belongs to one thread.
 */
public interface StoreTransaction extends AutoCloseable {
  /**
   * What other processes wrote and no commit has consumed yet, in the order in which it is to be
   * consumed. The same answer however often it is asked.
   */
  News news();

  /**
   * What the store keeps for a piece of this news beside it, for a leader that cannot take the
   * piece in: a registration that was answered, chunks that were accepted.
   *
   * @param piece one of {@link #news}
   */
  News.Traces traces(News.Piece piece);

  /** {@link ChunkStore#trustedClockNanos} inside this transaction. */
  default OptionalLong trustedClockNanos() {
    return OptionalLong.empty();
  }

  /**
   * Makes the change durable. Verified in the same transaction: the epoch of the lease, and that
   * the newest assignment ids are those that the caller's mirror started from. A commit whose key
   * is durable already takes no second effect.
   *
   * @throws StorageException.Fenced if another leads, or the ids are others; nothing is changed
   * @throws StorageException.Transient if it failed; the outcome says what is known
   */
  void commit(Commit commit);

  /**
   * Verifies as {@link #commit} does, and keeps the tick of a cycle that changed nothing else: the
   * next load tells it ({@link LoadedFleet#seen}), and writers of other processes are judged at it.
   * No commit, and without a key: to do it twice is to do it once.
   *
   * @param largestTick the largest tick that any cycle has seen; one below what is kept is ignored
   * @param clockNanos what the trusted clock showed at it, kept beside it; {@code
   *     FleetRow.Time.UNREAD} where there is none
   * @throws StorageException.Fenced as a commit
   * @throws StorageException.Transient as a commit
   */
  void advance(AssignmentIds expected, Tick largestTick, long clockNanos);

  /**
   * Verifies as {@link #commit} does, and writes nothing but the end of the lease: as {@link
   * #commit} and {@link #advance} it extends the lease, and nothing but closing comes after it.
   */
  void verifyLease(AssignmentIds expected);

  /** Rolls back what was not committed. To close it again changes nothing. */
  @Override
  void close();
}
