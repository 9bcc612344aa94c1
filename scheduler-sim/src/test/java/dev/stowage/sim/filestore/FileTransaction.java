package dev.stowage.sim.filestore;

import dev.stowage.model.Tick;
import dev.stowage.store.AssignmentIds;
import dev.stowage.store.Commit;
import dev.stowage.store.News;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreTransaction;
import java.util.OptionalLong;

/** Has the turn from its begin to its end; until it commits it has written nothing. */
final class FileTransaction implements StoreTransaction {
  private final FileChunkStore store;
  private final FileSession session;
  private boolean isOpen = true;
  private boolean isCommitted;

  FileTransaction(FileChunkStore store, FileSession session) {
    this.store = store;
    this.session = session;
  }

  @Override
  public News news() {
    requireOpen();
    return store.news();
  }

  @Override
  public News.Traces traces(News.Piece piece) {
    requireOpen();
    return store.traces(piece);
  }

  @Override
  public void verifyLease(AssignmentIds expected) {
    require(expected);
    session.extend();
  }

  private void require(AssignmentIds expected) {
    requireOpen();
    session.requireLease();
    AssignmentIds newest = store.newestIds();
    if (!newest.equals(expected)) {
      throw new StorageException.Fenced(
          "the mirror knows " + expected + ", the newest are " + newest);
    }
  }

  @Override
  public OptionalLong trustedClockNanos() {
    return store.trustedClockNanos();
  }

  @Override
  public void advance(AssignmentIds expected, Tick largestTick, long clockNanos) {
    require(expected);
    store.advance(largestTick, clockNanos);
    session.extend();
    isCommitted = true;
  }

  @Override
  public void commit(Commit commit) {
    if (store.isCommitted(commit.key())) {
      return;
    }
    require(commit.expected());
    store.commit(commit);
    session.extend();
    isCommitted = true;
  }

  @Override
  public void close() {
    if (isOpen) {
      isOpen = false;
      store.live.writing(0);
      store.turn.unlock();
    }
  }

  private void requireOpen() {
    if (!isOpen || isCommitted) {
      throw new IllegalStateException("the transaction is over");
    }
  }
}
