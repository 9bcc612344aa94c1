package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.ChangeSet;
import dev.stowage.lifecycle.FleetRow;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.store.AssignmentIds;
import dev.stowage.store.Commit;
import dev.stowage.store.News;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the leader's. The gate is taken alone from the begin to the end, so what is read at
 * the begin is what is there at the commit.
 */
final class PostgresTransaction implements StoreTransaction {
  private final SqlTransaction transaction;
  private final FleetTable.Base base;
  private @Nullable News news;
  private boolean over;
  private boolean closed;

  PostgresTransaction(SqlTransaction transaction, FleetTable.Base base) {
    this.transaction = transaction;
    this.base = base;
  }

  @Override
  public News news() {
    requireOpen();
    News known = news;
    if (known == null) {
      known = NewsTable.read(transaction);
      news = known;
    }
    return known;
  }

  @Override
  public void verifyLease(AssignmentIds expected) {
    requireOpen();
    FleetRow row = base.row();
    AssignmentIds newest =
        new AssignmentIds(
            WorkerAssignmentId.of(row.workerAssignment()),
            PortalAssignmentId.of(row.portalAssignment()));
    if (!newest.equals(expected)) {
      throw new StorageException.Fenced(
          "the mirror knows " + expected + ", the newest are " + newest);
    }
  }

  @Override
  public void advance(AssignmentIds expected, Tick largestTick) {
    verifyLease(expected);
    over = true;
    FleetTable.advance(transaction, largestTick);
    transaction.commit();
  }

  @Override
  public void commit(Commit commit) {
    requireOpen();
    if (!HistoryTable.note(transaction, commit.key(), commit.tick())) {
      over = true;
      return;
    }
    verifyLease(commit.expected());
    List<ChangeSet> changes = new ArrayList<>();
    commit.consumed().forEach(piece -> changes.add(piece.changes()));
    commit.changes().ifPresent(changes::add);
    requireSame(commit, changes);
    write(NetChange.of(changes, commit.consumed().size()), commit);
    takeIn(commit);
    HistoryTable.append(transaction, commit.evidence());
    over = true;
    transaction.commit();
  }

  /** The change must start from what is stored, and news must change what it changed for others. */
  private void requireSame(Commit commit, List<ChangeSet> changes) {
    long digest = base.digest();
    for (ChangeSet change : changes) {
      if (change.digestBefore() != digest) {
        throw disagreement("changes start from digest", change.digestBefore(), digest);
      }
      digest = change.digestAfter();
    }
    if (digest != commit.digest()) {
      throw disagreement("the commit names digest", commit.digest(), digest);
    }
    for (Commit.Consumed piece : commit.consumed()) {
      if (piece.changes().isEmpty()) {
        throw new InvariantViolation(
            "backends agree", "news " + piece.mark() + " was accepted and changes nothing");
      }
    }
  }

  private static InvariantViolation disagreement(String what, long theirs, long ours) {
    return new InvariantViolation(
        "backends agree",
        what + " " + Long.toHexString(theirs) + ", the store has " + Long.toHexString(ours));
  }

  private void write(NetChange net, Commit commit) {
    Datasets datasets = Datasets.ensured(transaction, net.datasets());
    // The fleet's row first: what notes changes of slices reads the newest assignment from it.
    FleetRow fleet = net.fleet == null ? base.row() : net.fleet;
    boolean isMinted = fleet.workerAssignment() != base.row().workerAssignment();
    if (net.fleet != null) {
      FleetTable.putBase(transaction, fleet, commit.digest(), commit.evidenceHead());
      if (isMinted) {
        SliceTable.minted(transaction, fleet);
      }
    } else {
      FleetTable.note(transaction, commit.digest(), commit.evidenceHead());
    }
    ReplicaTable.delete(transaction, net.removedReplicas, fleet.workerAssignment());
    ChunkTable.delete(transaction, datasets, net.removedChunks);
    WorkerTable.delete(transaction, net.removedWorkers);
    SwapTable.delete(transaction, net.removedSwaps);
    // Swaps first: they permit their chunks to overlap.
    SwapTable.putBase(transaction, datasets, net.swaps.values());
    ChunkTable.put(transaction, datasets, net.chunks);
    ChunkTable.create(transaction, datasets, net.createdChunks);
    ChunkTable.change(transaction, net.changedChunks);
    EstablishedTable.put(transaction, net.firstNamed);
    WorkerTable.putBase(transaction, net.workers.values());
    ReplicaTable.put(transaction, net.replicas);
    SliceTable.added(transaction, net.replicas, fleet, isMinted);
    if (fleet.portalAssignment() != base.row().portalAssignment()) {
      RouteTable.minted(transaction, fleet, net);
    }
  }

  private void takeIn(Commit commit) {
    if (!commit.consumed().isEmpty()) {
      NewsTable.delete(transaction, commit.consumed().stream().map(Commit.Consumed::mark).toList());
      WorkerTable.settle(transaction);
      FleetTable.settle(transaction);
    }
  }

  @Override
  public void close() {
    over = true;
    closed = true;
    transaction.close();
  }

  /** Whether it still holds a connection. */
  boolean isOpen() {
    return !closed;
  }

  private void requireOpen() {
    if (over) {
      throw new IllegalStateException("the transaction is over");
    }
  }
}
