package dev.stowage.store;

import dev.stowage.lifecycle.LifecycleConfig;
import java.time.Duration;

/**
 * What a held lease opens: the only way to write as the scheduler. Belongs to one thread at a time.
 *
 * <p>Once the lease is another's, every method but {@link #close} throws {@link
 * StorageException.Fenced}, whether or not it has something to write.
 */
public interface StoreSession extends AutoCloseable {
  /** The lease as it was last granted or renewed. */
  Lease lease();

  /** Extends the lease by {@code duration} from now on the store's clock. */
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
