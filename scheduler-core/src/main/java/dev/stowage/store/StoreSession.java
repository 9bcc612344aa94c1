package dev.stowage.store;

import dev.stowage.lifecycle.LifecycleConfig;
import java.time.Duration;

/**
 * What a held lease opens: the only way to write as the scheduler. Belongs to one thread at a time,
 * but for {@link #lease}, {@link #renew} and {@link #close}: these any thread may call at any time.
 *
 * <p>Once the lease is another's, every method but {@link #close} and {@link #lease} throws {@link
 * StorageException.Fenced}, whether or not it has something to write. Until then whatever succeeds
 * under the lease extends it, as a renewal at that moment would: a load, a transaction that commits
 * or verifies, a batch of retention. So a leader that gets something done is not deposed.
 */
public interface StoreSession extends AutoCloseable {
  /** The lease as it was last granted or renewed by {@link #renew}; it may run longer by now. */
  Lease lease();

  /**
   * Extends the lease to at least {@code duration} from now on the store's clock; what is done
   * under the lease afterwards extends it by as much. Goes on beside a load, and beside a
   * transaction that is open, and waits for neither.
   *
   * @return the lease as it is now
   */
  Lease renew(Duration duration);

  /** Gives the lease back, so that another claim need not wait. The session is over. */
  void resign();

  /** Reads the whole state, as of the newest commit, without the news that is not consumed yet. */
  LoadedFleet load();

  /**
   * Begins a fleet that has not begun, in the lineage of the lease.
   *
   * @param config its first configuration
   * @throws IllegalStateException if the fleet has begun
   */
  LoadedFleet found(LifecycleConfig config);

  /**
   * Begins a transaction; the caller closes it. At most one is open at a time.
   *
   * @param scope which writers must wait until it ends
   */
  StoreTransaction begin(TransactionScope scope);

  /**
   * Recomputes the digest of what is stored, row by row.
   *
   * @throws StorageException.Corrupt if the rows contradict the digest that was kept with them
   */
  long verify();

  /**
   * Deletes old evidence and commit keys that retention no longer wants, oldest first.
   *
   * @return how many rows were deleted; less than {@code maxRows} when nothing more is to be done
   */
  int trimHistory(HistoryHorizon horizon, int maxRows);

  /** Ends the session as a crash would: the lease runs on until it expires. */
  @Override
  void close();
}
