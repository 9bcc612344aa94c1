package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.Failures;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.KeptRanges;
import dev.stowage.store.StorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Commits small ingests of several threads in groups, each in a transaction of two messages, and
 * answers them once they are durable. A group is first decided as if nothing were stored, because
 * the table refuses conflicts; a refused group is decided on the stored rows nearby. Thread-safe.
 */
final class GroupedIngests {
  /** The most chunks of an ingest that gains by waiting for others. */
  static final int MOST_CHUNKS = 64;

  /** A fraction of the duration of a group, in nanoseconds. */
  private static final long MOMENT_NANOS = 400_000;

  /** The number of groups after a refusal that are decided on stored rows at once. */
  private static final int CAREFUL_GROUPS = 64;

  private final Database database;
  private final Proofs proofs;
  private final IngestQueue queue = new IngestQueue(MOST_CHUNKS, MOMENT_NANOS);
  private final KnownConfig known = new KnownConfig();

  /** Datasets known to exist. Belongs to the leading thread, as {@link #careful} does. */
  private final Set<DatasetId> datasets = new HashSet<>();

  private int careful;

  GroupedIngests(Database database, Proofs proofs) {
    this.database = database;
    this.proofs = proofs;
  }

  /** Decides a command in a group; throws {@code Transient} if its outcome is unknown. */
  IngestQueue.Waiting submit(Command.Ingest command, Tick now) {
    IngestQueue.Waiting mine = queue.add(command, now);
    if (mine.await() == IngestQueue.Turn.LEAD) {
      lead();
    }
    mine.requireKnown();
    return mine;
  }

  private void lead() {
    List<IngestQueue.Waiting> group = List.of();
    boolean isSettled = false;
    try {
      // The opening of a transaction does not depend on the group, which gathers meanwhile.
      try (Begun begun = begin()) {
        group = queue.next();
        if (begun.isLimited() || !isRefused(begun, group)) {
          isSettled = true;
          return;
        }
      }
      try (Begun begun = begin()) {
        if (!begun.isLimited()) {
          decideOnWhatIsNear(begun, group);
        }
      }
      isSettled = true;
    } catch (StorageException.Transient e) {
      boolean isUnknown = e.outcome() == StorageException.Outcome.UNKNOWN;
      group.forEach(one -> one.undecided(isUnknown ? e : null));
      isSettled = true;
    } catch (RuntimeException e) {
      // The command at fault fails again alone, without failing the other commands.
      group.forEach(one -> one.undecided(null));
      isSettled = true;
    } finally {
      if (group.isEmpty()) {
        group = queue.next();
      }
      if (!isSettled) {
        // An error in this thread must not pass for an answer.
        StorageException.Transient unknown =
            new StorageException.Transient(
                "an error ended a commit of several ingests; whether it took effect is unknown",
                StorageException.Outcome.UNKNOWN,
                null);
        group.forEach(one -> one.undecided(unknown));
      }
      queue.answer(group);
    }
  }

  /** A transaction behind the gate, with the lane by which its outcome can be looked up. */
  private record Begun(SqlTransaction transaction, FleetRow fleet, Proofs.Opening opening)
      implements AutoCloseable {
    boolean isLimited() {
      return PostgresInbox.isLimited(new Command.Ingest(List.of()), fleet.config());
    }

    @Override
    public void close() {
      transaction.close();
      opening.close();
    }
  }

  private Begun begin() {
    SqlBatch first = database.opening(Database.Gate.SHARED_GLANCE);
    List<FleetRow> newest = FleetSql.askNewest(first, known);
    Proofs.Opening opening = proofs.open(first);
    SqlTransaction transaction = null;
    try {
      transaction = database.begin(first);
      FleetRow fleet = PostgresInbox.fleetToWriteTo(transaction, opening.lease(), newest);
      return new Begun(transaction, fleet, opening);
    } catch (RuntimeException e) {
      opening.close();
      if (transaction != null) {
        transaction.close();
      }
      throw e;
    }
  }

  /** Decides and writes; returns true if the table refused, which ends the transaction. */
  private boolean isRefused(Begun begun, List<IngestQueue.Waiting> group) {
    if (careful == 0 && datasets.containsAll(datasetsOf(group))) {
      LifecycleState nothing = LifecycleState.loadPart(begun.fleet(), new ChangeSet.Parts(), 0, 0);
      Decided decided = decide(nothing, new KeptRanges(), group);
      try {
        if (isAllAdmitted(group)) {
          write(begun, group, decided);
          return false;
        }
        group.forEach(one -> one.undecided(null));
      } catch (StorageException.Corrupt e) {
        if (!Failures.isRefusedRow(e.getCause())) {
          throw e;
        }
        careful = CAREFUL_GROUPS;
        group.forEach(one -> one.undecided(null));
        return true;
      }
    }
    careful = Math.max(0, careful - 1);
    decideOnWhatIsNear(begun, group);
    return false;
  }

  private static boolean isAllAdmitted(List<IngestQueue.Waiting> group) {
    return group.stream()
        .map(IngestQueue.Waiting::result)
        .allMatch(result ->
            result instanceof Result.Batch batch
                && batch.items().stream().allMatch(it -> it.code() == ResultCode.ACCEPTED));
  }

  private void decideOnWhatIsNear(Begun begun, List<IngestQueue.Waiting> group) {
    List<ProposedChunk> named = new ArrayList<>();
    group.forEach(one -> named.addAll(one.command.chunks()));
    List<DatasetId> wanted = datasetsOf(group);
    SqlTransaction transaction = begun.transaction();
    SqlBatch ask = new SqlBatch();
    Datasets locked = Datasets.askLocked(ask, wanted);
    List<ChunkSql.Stored> near = ChunkSql.askNear(ask, locked, named);
    KeptRanges kept = new KeptRanges();
    AheadRows.askKept(ask, locked, named, kept);
    transaction.run(ask);
    CommandRows commandRows;
    if (locked.knowsAll(wanted)) {
      commandRows = CommandRows.of(transaction, locked, near);
      datasets.addAll(wanted);
    } else {
      Datasets made = Datasets.ensuredAndLocked(transaction, wanted);
      commandRows = CommandRows.of(transaction, made, new Command.Ingest(named));
    }
    LifecycleState state = commandRows.toState(begun.fleet(), CommandRows.Waiting.UNASKED);
    write(begun, group, decide(state, kept, group));
  }

  private static List<DatasetId> datasetsOf(List<IngestQueue.Waiting> group) {
    return group.stream()
        .flatMap(one -> one.command.kind().datasets(one.command).stream())
        .distinct()
        .toList();
  }

  private record Decided(List<ChunkRow> fresh, Deque<NewsSql.Fresh> news) {}

  private static Decided decide(
      LifecycleState state, KeptRanges kept, List<IngestQueue.Waiting> group) {
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    Decided decided = new Decided(new ArrayList<>(), new ArrayDeque<>());
    for (IngestQueue.Waiting one : group) {
      KeptRanges.Decided outcome = kept.execute(lifecycle, state, one.command, one.now);
      boolean isWritten = !outcome.changes().isEmpty();
      one.decided(PostgresInbox.withoutNumbers(outcome.result()), isWritten);
      if (isWritten) {
        decided.fresh().addAll(outcome.changes().chunks());
        decided.news().add(new NewsSql.Fresh(one.now, outcome.command()));
      }
    }
    return decided;
  }

  private void write(Begun begun, List<IngestQueue.Waiting> group, Decided decided) {
    if (decided.news().isEmpty()) {
      return;
    }
    SqlBatch last = new SqlBatch();
    if (!decided.fresh().isEmpty()) {
      Datasets.askLocked(last, datasetsOf(group));
      ChunkSql.insertAdmitted(last, decided.fresh());
    }
    WakeUps.notify(last, database.schema);
    NewsSql.addAll(last, decided.news());
    SqlTransaction transaction = begun.transaction();
    begun.opening().stamp(last);
    PostgresInbox.commit(database, transaction, begun.opening(), () -> transaction.commit(last));
  }
}
