package dev.stowage.contract;

import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.ForwardingStore.ForwardingTransaction;
import dev.stowage.store.spi.StoreTransaction;
import java.util.ArrayDeque;
import java.util.List;

/**
 * A connection that fails where it is told to: before a commit, after one whose answer is lost, and
 * when it is asked what became of it. The store behind it is sound, and makes who asks wait for the
 * transaction that is open: nobody may ask while it is his own.
 */
public final class FaultyStore extends ForwardingStore {
  /** Where the next commit fails. */
  public enum Fault {
    /** Nowhere. */
    NONE,
    /** Before anything is durable, and the caller learns it. */
    BEFORE_COMMIT,
    /** Before anything is durable, but the caller does not know. */
    BEFORE_COMMIT_UNKNOWN,
    /** After everything is durable, but the caller does not know. */
    AFTER_COMMIT_UNKNOWN
  }

  private final ArrayDeque<Fault> next = new ArrayDeque<>();
  private int outcomesLost;
  private int open;

  /** A connection to this store without a fault yet. */
  public FaultyStore(FleetStore store) {
    super(store);
  }

  /** The next commits fail like this, one for each; the one after them does not. */
  public FaultyStore failNext(Fault... faults) {
    next.clear();
    next.addAll(List.of(faults));
    return this;
  }

  /** The next questions for the outcome of a commit, this many, find no connection. */
  public FaultyStore loseOutcomes(int count) {
    outcomesLost = count;
    return this;
  }

  private void commit(StoreTransaction transaction, Commit commit) {
    Fault fault = next.isEmpty() ? Fault.NONE : next.remove();
    if (fault == Fault.AFTER_COMMIT_UNKNOWN || fault == Fault.NONE) {
      transaction.commit(commit);
    }
    if (fault != Fault.NONE) {
      StorageException.Outcome known =
          fault == Fault.BEFORE_COMMIT
              ? StorageException.Outcome.NOT_COMMITTED
              : StorageException.Outcome.UNKNOWN;
      throw new StorageException.Transient("the connection was cut", known, null);
    }
  }

  @Override
  public CommitOutcome outcomeOf(CommitKey key) {
    if (open > 0) {
      throw new AssertionError("waits for a transaction of who asks about " + key);
    }
    if (outcomesLost > 0) {
      outcomesLost--;
      // Of the question, not of the commit that it is about.
      throw new StorageException.Transient(
          "still no connection", StorageException.Outcome.NOT_COMMITTED, null);
    }
    return super.outcomeOf(key);
  }

  @Override
  protected StoreTransaction transaction(StoreTransaction begun) {
    open++;
    return new ForwardingTransaction(begun) {
      private boolean isClosed;

      @Override
      public void commit(Commit commit) {
        FaultyStore.this.commit(begun, commit);
      }

      @Override
      public void close() {
        open -= isClosed ? 0 : 1;
        isClosed = true;
        super.close();
      }
    };
  }
}
