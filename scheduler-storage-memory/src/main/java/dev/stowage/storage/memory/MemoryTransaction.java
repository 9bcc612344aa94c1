package dev.stowage.storage.memory;

import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreTransaction;
import java.util.OptionalLong;

/** A transaction, which holds the server's lock from its begin to its end. */
final class MemoryTransaction implements StoreTransaction {
  private final Server server;
  private final MemorySession session;
  private boolean open = true;
  private boolean committed;
  private boolean isNew;
  private boolean isAnswered;

  MemoryTransaction(Server server, MemorySession session) {
    this.server = server;
    this.session = session;
  }

  @Override
  public News news() {
    requireOpen();
    return server.durable().news();
  }

  @Override
  public void verifyLease(AssignmentIds expected) {
    require(expected);
    session.extend();
  }

  private void require(AssignmentIds expected) {
    requireOpen();
    session.requireLease();
    AssignmentIds newest = server.durable().ids();
    if (!newest.equals(expected)) {
      throw new StorageException.Fenced(
          "the mirror of this leader has " + expected + ", the store has " + newest);
    }
  }

  @Override
  public OptionalLong trustedClockNanos() {
    requireOpen();
    return server.trustedClockNanos();
  }

  @Override
  public void advance(AssignmentIds expected, Tick largestTick, long clockNanos) {
    require(expected);
    server.advance(largestTick, clockNanos);
    session.extend();
    committed = true;
  }

  @Override
  public void commit(Commit commit) {
    if (server.isCommitted(commit.key())) {
      return;
    }
    require(commit.expected());
    Lineage before = server.durable().base().lineage();
    server.durable().commit(commit);
    DurableState after = server.durable();
    isNew = !after.ids().equals(commit.expected()) || !after.base().lineage().equals(before);
    isAnswered = !commit.consumed().isEmpty();
    server.history().append(commit.evidence(), commit.evidenceHead());
    server.committed(commit.key());
    session.extend();
    committed = true;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      server.writing(0);
      server.lock.unlock();
      if (isNew) {
        server.tell();
      }
      if (isAnswered) {
        server.tellAnswers();
      }
    }
  }

  private void requireOpen() {
    if (!open || committed) {
      throw new IllegalStateException("the transaction is over");
    }
  }
}
