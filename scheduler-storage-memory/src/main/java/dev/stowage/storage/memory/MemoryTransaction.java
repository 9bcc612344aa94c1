package dev.stowage.storage.memory;

import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreTransaction;
import java.util.OptionalLong;

/** A transaction, which holds the store's lock from its begin to its end. */
final class MemoryTransaction implements StoreTransaction {
  private final MemoryChunkStore store;
  private final MemorySession session;
  private boolean open = true;
  private boolean committed;
  private boolean isNew;
  private boolean isAnswered;

  MemoryTransaction(MemoryChunkStore store, MemorySession session) {
    this.store = store;
    this.session = session;
  }

  @Override
  public News news() {
    requireOpen();
    return store.durable().news();
  }

  @Override
  public void verifyLease(AssignmentIds expected) {
    require(expected);
    session.extend();
  }

  private void require(AssignmentIds expected) {
    requireOpen();
    session.requireLease();
    AssignmentIds newest = store.durable().ids();
    if (!newest.equals(expected)) {
      throw new StorageException.Fenced(
          "the mirror of this leader has " + expected + ", the store has " + newest);
    }
  }

  @Override
  public OptionalLong trustedClockNanos() {
    requireOpen();
    return store.trustedClockNanos();
  }

  @Override
  public void advance(AssignmentIds expected, Tick largestTick, long clockNanos) {
    require(expected);
    store.advance(largestTick, clockNanos);
    session.extend();
    committed = true;
  }

  @Override
  public void commit(Commit commit) {
    if (store.isCommitted(commit.key())) {
      return;
    }
    require(commit.expected());
    Lineage before = store.durable().base().lineage();
    store.durable().commit(commit);
    DurableState after = store.durable();
    isNew = !after.ids().equals(commit.expected()) || !after.base().lineage().equals(before);
    isAnswered = !commit.consumed().isEmpty();
    store.history().append(commit.evidence(), commit.evidenceHead());
    store.committed(commit.key());
    session.extend();
    committed = true;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      store.writing(0);
      store.lock.unlock();
      if (isNew) {
        store.tell();
      }
      if (isAnswered) {
        store.tellAnswers();
      }
    }
  }

  private void requireOpen() {
    if (!open || committed) {
      throw new IllegalStateException("the transaction is over");
    }
  }
}
