package dev.stowage.store;

import dev.stowage.model.Tick;
import java.util.Objects;

/**
 * A transaction that hands everything on to another one; see {@link ForwardingStore}. Belongs to
 * one thread, as any transaction.
 */
public abstract class ForwardingTransaction implements StoreTransaction {
  private final StoreTransaction transaction;

  /** Hands everything on to this transaction. */
  protected ForwardingTransaction(StoreTransaction transaction) {
    this.transaction = Objects.requireNonNull(transaction, "transaction");
  }

  @Override
  public News news() {
    return transaction.news();
  }

  @Override
  public void commit(Commit commit) {
    transaction.commit(commit);
  }

  @Override
  public void advance(AssignmentIds expected, Tick largestTick) {
    transaction.advance(expected, largestTick);
  }

  @Override
  public void verifyLease(AssignmentIds expected) {
    transaction.verifyLease(expected);
  }

  @Override
  public void close() {
    transaction.close();
  }
}
