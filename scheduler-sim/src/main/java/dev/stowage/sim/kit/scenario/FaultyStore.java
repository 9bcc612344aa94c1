package dev.stowage.sim.kit.scenario;

import dev.stowage.evidence.RecordType;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.Commit;
import dev.stowage.store.Commit.CommitKey;
import dev.stowage.store.Commit.CommitOutcome;
import dev.stowage.store.ForwardingStore;
import dev.stowage.store.ForwardingStore.ForwardingSession;
import dev.stowage.store.ForwardingStore.ForwardingTransaction;
import dev.stowage.store.News;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreSession;
import dev.stowage.store.StoreTransaction;

/** A connection to a sound store that fails where a story tells it to. Not thread-safe. */
final class FaultyStore extends ForwardingStore {
  /** What the engine notes of a scheduling cycle, with all that was planned for it. */
  private static final RecordType CYCLE = RecordType.input(0x0E03, "PLAN_PREPARED");

  /** How the next transaction, or the next commit, fails. */
  enum Fault {
    /** Not at all. */
    NONE,
    /** The connection is gone in the middle of the transaction. */
    MIDWAY,
    /** Before anything is durable, and the caller learns it. */
    BEFORE,
    /** Before anything is durable, but the caller does not know. */
    UNKNOWN_BEFORE,
    /** After everything is durable, but the caller does not know. */
    UNKNOWN_AFTER,
    /** The same, and nobody answers when the caller asks what became of it. */
    UNANSWERED,
    /** The server is killed before it is asked to commit. */
    KILLED_BEFORE,
    /** The server is killed after everything is durable, but the caller does not know. */
    KILLED_AFTER
  }

  /** What is to fail next, on whichever connection of a world that comes. */
  static final class Faults {
    private Fault next = Fault.NONE;
    private boolean isOutcomeLost;
    private boolean isDurable;

    /** The next one fails like this; the one after it does not. */
    void failNext(Fault fault) {
      next = fault;
    }

    /** Whether the last commit was a scheduling cycle's, durable though its caller was cut off. */
    boolean isDurable() {
      return isDurable;
    }
  }

  private final Faults faults;
  private final Runnable kill;

  /** A connection to this store that has these faults; {@code kill} ends its server. */
  FaultyStore(ChunkStore store, Faults faults, Runnable kill) {
    super(store);
    this.faults = faults;
    this.kill = kill;
  }

  private void commit(StoreTransaction transaction, Commit commit) {
    Fault fault = faults.next;
    faults.next = Fault.NONE;
    faults.isDurable = false;
    switch (fault) {
      case NONE, MIDWAY -> transaction.commit(commit);
      case KILLED_BEFORE -> {
        kill.run();
        transaction.commit(commit);
      }
      case KILLED_AFTER -> {
        transaction.commit(commit);
        faults.isDurable = isOfACycle(commit);
        kill.run();
        throw cut(StorageException.Outcome.UNKNOWN);
      }
      case BEFORE -> throw cut(StorageException.Outcome.NOT_COMMITTED);
      case UNKNOWN_BEFORE -> throw cut(StorageException.Outcome.UNKNOWN);
      case UNKNOWN_AFTER, UNANSWERED -> {
        transaction.commit(commit);
        faults.isDurable = isOfACycle(commit);
        faults.isOutcomeLost = fault == Fault.UNANSWERED;
        throw cut(StorageException.Outcome.UNKNOWN);
      }
    }
  }

  /** What a cycle takes in before it, such as offers, has commits of its own. */
  private static boolean isOfACycle(Commit commit) {
    return commit.evidence().stream().anyMatch(record -> record.is(CYCLE));
  }

  private static StorageException.Transient cut(StorageException.Outcome known) {
    return new StorageException.Transient("the connection was cut", known, null);
  }

  @Override
  public CommitOutcome outcomeOf(CommitKey key) {
    if (faults.isOutcomeLost) {
      faults.isOutcomeLost = false;
      throw cut(StorageException.Outcome.UNKNOWN);
    }
    return super.outcomeOf(key);
  }

  @Override
  protected StoreSession session(StoreSession granted) {
    return new ForwardingSession(granted) {
      @Override
      protected StoreTransaction transaction(StoreTransaction begun) {
        return new FaultyTransaction(begun);
      }
    };
  }

  private final class FaultyTransaction extends ForwardingTransaction {
    private final StoreTransaction transaction;

    FaultyTransaction(StoreTransaction transaction) {
      super(transaction);
      this.transaction = transaction;
    }

    @Override
    public News news() {
      if (faults.next == Fault.MIDWAY) {
        faults.next = Fault.NONE;
        throw cut(StorageException.Outcome.NOT_COMMITTED);
      }
      return super.news();
    }

    @Override
    public void commit(Commit commit) {
      FaultyStore.this.commit(transaction, commit);
    }
  }
}
