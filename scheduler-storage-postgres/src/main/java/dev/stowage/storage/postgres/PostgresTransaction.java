package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.Lease;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A leader's transaction with the gate alone: rows read at its begin stay until its commit. */
final class PostgresTransaction implements StoreTransaction {
  private final SqlTransaction transaction;
  private final Asked asked;
  private final Proofs.Opening opening;
  private final FleetSql.Point base;
  private final Consumer<SqlBatch> extending;
  private final Consumer<WakeUps.Told> telling;
  private final OptionalLong clockNanos;
  private boolean over;
  private boolean closed;
  private boolean isNews;
  private boolean isAnswered;

  /**
   * Extends the lease only in a commit that waits for nothing: a commit of data may wait for a
   * standby, and would keep renewals waiting with it.
   */
  PostgresTransaction(
      SqlTransaction transaction,
      Asked asked,
      OptionalLong clockNanos,
      Proofs.Opening opening,
      Consumer<SqlBatch> extending,
      Consumer<WakeUps.Told> telling) {
    this.transaction = transaction;
    this.opening = opening;
    this.clockNanos = clockNanos;
    this.extending = extending;
    this.telling = telling;
    this.asked = asked;
    this.base =
        asked.base().stream().findFirst().orElseThrow(() -> StoredFleet.absent(transaction));
  }

  /** The opening answers: the epoch's last sequence, and workers with stored inventory parts. */
  record Asked(
      List<FleetSql.Point> base,
      List<InboxSql.Waiting> news,
      long epoch,
      List<Long> newest,
      List<String> sending) {}

  static Asked ask(SqlBatch opening, Lease lease) {
    return new Asked(
        FleetSql.askPoint(opening),
        InboxSql.ask(opening),
        lease.epoch(),
        HistorySql.askNewest(opening, lease.epoch()),
        InventoryPartSql.askWorkers(opening));
  }

  @Override
  public News news() {
    requireOpen();
    return InboxSql.of(asked.news());
  }

  @Override
  public void verifyLease(AssignmentIds expected) {
    require(expected);
    over = true;
    SqlBatch last = new SqlBatch().run("SET LOCAL synchronous_commit = off");
    extending.accept(last);
    try {
      transaction.commit(last);
    } catch (StorageException.Transient e) {
      throw new StorageException.Transient(
          "the lease was not extended", StorageException.Outcome.NOT_COMMITTED, e);
    }
  }

  private void require(AssignmentIds expected) {
    requireOpen();
    AssignmentIds newest =
        new AssignmentIds(
            WorkerAssignmentId.of(base.workerAssignment()),
            PortalAssignmentId.of(base.portalAssignment()));
    if (!newest.equals(expected)) {
      throw new StorageException.Fenced(
          "the mirror of this leader has " + expected + ", the store has " + newest);
    }
  }

  @Override
  public OptionalLong trustedClockNanos() {
    requireOpen();
    return clockNanos;
  }

  @Override
  public void advance(AssignmentIds expected, Tick largestTick, long clockNanos) {
    require(expected);
    over = true;
    SqlBatch last = new SqlBatch();
    FleetSql.advance(last, largestTick, clockNanos);
    transaction.commit(last);
  }

  @Override
  public void commit(Commit commit) {
    requireOpen();
    if (isCommitted(commit.key())) {
      requireDone(commit);
      over = true;
      return;
    }
    require(commit.expected());
    List<ChangeSet> changes = new ArrayList<>();
    commit.consumed().forEach(piece -> changes.addAll(piece.changes()));
    changes.addAll(commit.changes());
    requireSame(commit, changes);
    Writes writes = new Writes(transaction);
    NetChange net = NetChange.of(changes);
    write(writes, net, commit);
    if (!commit.consumed().isEmpty()) {
      QuarantineSql.put(writes, commit.setAside());
      InboxSql.answer(writes, commit.consumed());
    }
    InventoryPartSql.settle(writes, net.workers.values(), net.removedWorkers, asked.sending());
    HistorySql.append(writes, commit.evidence());
    HistorySql.note(writes, commit.key());
    over = true;
    opening.commit(() -> writes.commit(opening::stamp));
    FleetRow fleet = net.fleet;
    isAnswered = !commit.consumed().isEmpty();
    isNews =
        fleet != null
            && (fleet.workerAssignment() != base.workerAssignment()
                || fleet.portalAssignment() != base.portalAssignment());
  }

  /** Checks that a repeated commit left its state; otherwise a hand wrote the row of committed. */
  private void requireDone(Commit commit) {
    Long head = base.evidenceIndex();
    if (base.digest() != commit.digest()
        || head == null
        || head != commit.evidenceHead().index()
        || asked.newest().get(0) != commit.key().sequence()) {
      throw new StorageException.Fenced(
          "table committed has a row of commit "
              + commit.key()
              + ", which this leader did not make; it was written by hand, and this epoch ends");
    }
  }

  /** Skips the look-up for sequences above the newest, because sequences of an epoch grow. */
  private boolean isCommitted(CommitKey key) {
    boolean isNext = key.epoch() == asked.epoch() && key.sequence() > asked.newest().get(0);
    return !isNext && HistorySql.isCommitted(transaction, key);
  }

  /** Checks that the changes start from the stored digest and lead to the commit's digest. */
  private void requireSame(Commit commit, List<ChangeSet> changes) {
    long digest = base.digest();
    long known = changes.isEmpty() ? commit.digest() : changes.get(0).digestBefore();
    if (known != digest) {
      // No other process commits in this epoch, so a hand changed the row.
      throw new StorageException.Corrupt(
          "the row of table fleet has digest "
              + Long.toHexString(digest)
              + ", the leader left "
              + Long.toHexString(known)
              + " there; it was changed by hand: run audit, then restore a backup",
          null);
    }
    for (ChangeSet change : changes) {
      if (change.digestBefore() != digest) {
        throw disagreement("changes start from digest", change.digestBefore(), digest);
      }
      digest = change.digestAfter();
    }
    if (digest != commit.digest()) {
      throw disagreement("the commit names digest", commit.digest(), digest);
    }
  }

  private static InvariantViolation disagreement(String what, long theirs, long ours) {
    return new InvariantViolation(
        "backends agree",
        what + " " + Long.toHexString(theirs) + ", the store has " + Long.toHexString(ours));
  }

  private void write(Writes to, NetChange net, Commit commit) {
    FleetRow fleet = net.fleet;
    Datasets datasets = Datasets.ensured(transaction, net.datasets());
    long newest = fleet == null ? base.workerAssignment() : fleet.workerAssignment();
    boolean isMinted = newest != base.workerAssignment();
    // The fleet's row first: the statements about slices read the newest assignment from it.
    if (fleet != null) {
      FleetSql.put(to, fleet, commit.digest(), commit.evidenceHead());
      if (isMinted) {
        SliceSql.minted(to, fleet);
      }
    } else {
      FleetSql.note(to, commit.digest(), commit.evidenceHead());
    }
    ReplicaSql.delete(to, net.removedReplicas, newest);
    ChunkSql.delete(to, datasets, net.removedChunks);
    SliceSums.delete(to, net.removedWorkers);
    WorkerSql.delete(to, net.removedWorkers);
    SwapSql.delete(to, net.removedSwaps);
    SwapSql.put(to, datasets, net.swaps.values());
    ChunkSql.create(to, datasets, net.createdChunks);
    ChunkSql.change(to, net.changedChunks);
    EstablishedSql.put(to, net.firstNamed);
    WorkerSql.put(to, net.workers.values(), net.reportedWorkers);
    InventoryPartSql.put(transaction, to, net.workers.values(), asked.sending());
    ReplicaSql.put(to, net.replicas);
    SliceSql.added(to, net.replicas, newest);
    SliceSums.put(to, net.slices.values(), newest);
    if (fleet != null && fleet.portalAssignment() != base.portalAssignment()) {
      RouteSql.minted(to, datasets, fleet, net);
    }
  }

  @Override
  public void close() {
    over = true;
    closed = true;
    transaction.close();
    opening.close();
    if (isNews || isAnswered) {
      WakeUps.Told told = new WakeUps.Told(isNews, isAnswered);
      isNews = false;
      isAnswered = false;
      telling.accept(told);
    }
  }

  /** Reports whether the transaction still holds a connection. */
  boolean isOpen() {
    return !closed;
  }

  private void requireOpen() {
    if (over) {
      throw new IllegalStateException("the transaction is over");
    }
  }
}
