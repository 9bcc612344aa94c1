package dev.stowage.store.spi;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.store.Lease;
import dev.stowage.store.StorageException;
import java.time.Duration;

/**
 * The session of a held lease, the only way to write as the scheduler. Belongs to one thread at a
 * time, except {@link #lease}, {@link #renew} and {@link #close}. Once another process has the
 * lease, every method but close and lease throws {@link StorageException.Fenced}; until then each
 * success (load, commit, verification, trim) extends it.
 */
public interface StoreSession extends AutoCloseable {
  /** Returns the lease as last granted or renewed by {@link #renew}; it may run longer by now. */
  Lease lease();

  /** Extends the lease to at least {@code duration} from now and returns it; waits for nothing. */
  Lease renew(Duration duration);

  /** Gives the lease back, so that another claim need not wait, and ends the session. */
  void resign();

  /** Returns the whole state as of the newest commit, without unconsumed news. */
  LoadedFleet load();

  /**
   * Begins a fleet in the lease's lineage; throws {@link IllegalStateException} if one has begun.
   */
  LoadedFleet found(LifecycleConfig config);

  /** Begins a transaction, one at a time; the caller closes it. */
  StoreTransaction begin();

  /** Returns the recomputed digest; throws {@link StorageException.Corrupt} if it differs. */
  long verify();

  /** Deletes history, oldest first; returns the rows deleted, below {@code maxRows} at the end. */
  int trimHistory(HistoryHorizon horizon, int maxRows);

  /** Ends the session as a crash would: the lease runs on until it expires. */
  @Override
  void close();

  /**
   * The history to forget: evidence below an index, assignments below a tick, and of that evidence
   * the deeds below an index of theirs, all at least 0. A store forgets commit keys by its own
   * timeouts, except the newest key of each epoch.
   */
  public record HistoryHorizon(long evidenceBefore, long assignmentsBefore, long deedsBefore) {
    /** Throws {@link IllegalArgumentException} if a bound is negative. */
    public HistoryHorizon {
      long least = Math.min(evidenceBefore, Math.min(assignmentsBefore, deedsBefore));
      if (least < 0) {
        throw new IllegalArgumentException("bound is " + least + "; at least 0 is accepted");
      }
    }

    /** Creates a horizon that keeps all deeds. */
    public HistoryHorizon(long evidenceBefore, long assignmentsBefore) {
      this(evidenceBefore, assignmentsBefore, 0);
    }
  }
}
