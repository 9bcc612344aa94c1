package dev.stowage.store;

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
   * Makes the change durable. Verified in the same transaction: the epoch of the lease, and that
   * the newest assignment ids are those that the caller's mirror started from. A commit whose key
   * is durable already takes no second effect.
   *
   * @throws StorageException.Fenced if another leads, or the ids are others; nothing is changed
   * @throws StorageException.Transient if it failed; the outcome says what is known
   */
  void commit(Commit commit);

  /** Verifies as {@link #commit} does, and writes nothing. */
  void verifyLease(AssignmentIds expected);

  /** Rolls back what was not committed. */
  @Override
  void close();
}
