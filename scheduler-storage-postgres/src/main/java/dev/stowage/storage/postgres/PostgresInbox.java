package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.Failures;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.KeptRanges;
import dev.stowage.store.News;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreInbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Decides commands of other processes on the rows near them, under locks, ahead of the leader. */
final class PostgresInbox implements StoreInbox {
  private static final int MOST_ATTEMPTS = 5;

  private final Database database;
  private final StoreClock clock;
  private final GroupedIngests ingests;
  private final WakeUps wakeUps;
  private final Proofs proofs;

  PostgresInbox(Database database, WakeUps wakeUps, StoreClock clock, Proofs proofs) {
    this.database = database;
    this.clock = clock;
    this.wakeUps = wakeUps;
    this.proofs = proofs;
    ingests = new GroupedIngests(database, proofs);
  }

  @Override
  public Result submit(Command<?> command, Tick now) {
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(now, "now");
    if (command.kind().isLeadersOwn()) {
      throw new IllegalArgumentException(
          "command is " + command + "; only the holder of the lease may give it");
    }
    if (command instanceof Command.Ingest ingest
        && ingest.chunks().size() <= GroupedIngests.MOST_CHUNKS) {
      IngestQueue.Waiting told = ingests.submit(ingest, now);
      Result result = told.result();
      if (result != null) {
        if (told.isAccepted()) {
          wakeUps.wake();
        }
        return result;
      }
    }
    return submitAlone(command, now);
  }

  private Result submitAlone(Command<?> command, Tick now) {
    Database.Gate gate = isAboutFleet(command) ? Database.Gate.SOLE_WRITER : Database.Gate.SHARED;
    for (int attempt = 1; ; attempt++) {
      try {
        Answer answer = attempt(command, now, gate);
        if (answer.result() == null) {
          gate = Database.Gate.SOLE_WRITER;
          continue;
        }
        if (answer.accepted()) {
          wakeUps.wake();
        }
        return answer.result();
      } catch (StorageException.Transient e) {
        boolean again =
            e.outcome() == StorageException.Outcome.NOT_COMMITTED
                && Failures.isConflict(e.getCause());
        if (!again || attempt == MOST_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** The outcome of an attempt; a null result demands another attempt as the sole writer. */
  private record Answer(@Nullable Result result, boolean accepted) {}

  private Answer attempt(Command<?> command, Tick now, Database.Gate gate) {
    SqlBatch first = database.opening(gate).as(StoreRoles.of(command.kind()));
    List<FleetRow> newest = FleetSql.askNewest(first);
    try (Proofs.Opening opening = proofs.open(first);
        SqlTransaction transaction = database.begin(first)) {
      LeaseSql.Stored lease = opening.lease();
      FleetRow fleet = fleetToWriteTo(transaction, lease, newest);
      // Before the named rows are looked up, which costs too much for an oversized command.
      if (Lifecycle.isRefused(command)) {
        LifecycleState nothing = LifecycleState.loadPart(fleet, new ChangeSet.Parts(), 0, 0);
        return new Answer(Lifecycle.refusal(nothing, command).orElseThrow(), false);
      }
      boolean isLimited = isLimited(command, fleet.config());
      if (isLimited && gate != Database.Gate.SOLE_WRITER) {
        return new Answer(null, false);
      }
      Datasets datasets = lock(transaction, command);
      CommandRows commandRows = CommandRows.of(transaction, datasets, command);
      CommandRows.Waiting waiting =
          isLimited ? CommandRows.Waiting.read(transaction) : CommandRows.Waiting.UNASKED;
      LifecycleState state = commandRows.toState(fleet, waiting);
      OptionalLong shown = clock.read(lease.nowNanos());
      state.reads(shown.orElse(FleetRow.Time.UNREAD), 1);
      Tick counted = Lifecycle.counted(state, now);
      KeptRanges.Decided outcome =
          kept(transaction, datasets, command)
              .execute(new Lifecycle(PlacementPlanner.sticky()), state, command, counted);
      if (Lifecycle.namesLostHistory(state, command, outcome.result())) {
        Doubts.note(transaction, database.schema, fleet, (Command.Report) command, counted);
      }
      if (outcome.changes().isEmpty()) {
        return new Answer(outcome.result(), false);
      }
      Writes writes = new Writes(transaction);
      write(writes, datasets, commandRows, outcome.changes(), command);
      WakeUps.notify(writes.gathered(), database.schema);
      NewsSql.add(writes.gathered(), counted, outcome.command(), worker(command));
      opening.stamp(writes.gathered());
      writes.send();
      commit(database, transaction, opening, transaction::commit);
      return new Answer(withoutNumbers(outcome.result()), true);
    }
  }

  /** Returns the ranges given up by removals that the leader has not consumed; they stay taken. */
  private static KeptRanges kept(
      SqlTransaction transaction, Datasets datasets, Command<?> command) {
    KeptRanges kept = new KeptRanges();
    List<ProposedChunk> proposed = command.kind().admitted(command);
    if (proposed.stream().anyMatch(chunk -> chunk.violations().isEmpty())) {
      SqlBatch ask = new SqlBatch();
      AheadRows.askKept(ask, datasets, proposed, kept);
      transaction.run(ask);
    }
    return kept;
  }

  /** Rewrites the rows of accepted news after an undo; the leader sets refused news aside. */
  static void again(SqlTransaction transaction, News.Item item) {
    Command<?> command = item.command();
    FleetRow fleet =
        FleetSql.newest(transaction).orElseThrow(() -> StoredFleet.absent(transaction));
    Datasets datasets = lock(transaction, command);
    CommandRows commandRows = CommandRows.of(transaction, datasets, command);
    LifecycleState state = commandRows.toState(fleet, CommandRows.Waiting.UNASKED);
    ChangeSet changes;
    try {
      changes =
          new Lifecycle(PlacementPlanner.sticky()).decide(state, command, item.tick()).changes();
    } catch (IllegalArgumentException | IllegalStateException | NullPointerException unfit) {
      return;
    }
    if (!changes.isEmpty()) {
      Writes writes = new Writes(transaction);
      write(writes, datasets, commandRows, changes, command);
      writes.send();
    }
  }

  /** Returns the newest fleet row; throws if commits may have been lost. */
  static FleetRow fleetToWriteTo(
      SqlTransaction from, LeaseSql.Stored lease, List<FleetRow> newest) {
    FleetRow fleet = newest.stream().findFirst().orElseThrow(() -> StoredFleet.absent(from));
    if (lease.isHistoryLost(fleet)) {
      throw StoredFleet.historyLost();
    }
    return fleet;
  }

  /** Reports whether a bound on waiting chunks applies, which writers must count one by one. */
  static boolean isLimited(Command<?> command, LifecycleConfig config) {
    return (command instanceof Command.Ingest || command instanceof Command.RegisterSwap)
        && (config.maxWaitingBytes() != LifecycleConfig.UNLIMITED
            || config.maxWaitingChunks() != LifecycleConfig.UNLIMITED);
  }

  private static boolean isAboutFleet(Command<?> command) {
    return command.kind().concern() == CommandKind.Concern.FLEET;
  }

  private static Optional<WorkerId> worker(Command<?> command) {
    return command.kind().worker(command);
  }

  private static Datasets lock(SqlTransaction transaction, Command<?> command) {
    worker(command)
        .ifPresent(worker ->
            transaction.list(
                "SELECT pg_advisory_xact_lock('$.gate'::regclass::oid::integer, hashtext(?))",
                row -> true,
                worker.value()));
    CommandKind<?, ?> kind = command.kind();
    if (kind.concern() == CommandKind.Concern.DATASETS) {
      List<DatasetId> named = kind.datasets(command);
      if (kind.mayCreateDatasets()) {
        return Datasets.locked(transaction, named);
      }
      Datasets datasets = Datasets.known(transaction, named);
      datasets.lock(transaction);
      return datasets;
    }
    if (kind.locks() == CommandKind.Locks.NAMED_DATASETS) {
      List<DatasetId> named = new ArrayList<>(kind.datasets(command));
      kind.chunks(command).forEach(key -> named.add(key.dataset()));
      return Datasets.known(transaction, named);
    }
    // A cancelled swap and a wish name their datasets only indirectly; both are rare.
    return isAboutFleet(command)
        ? Datasets.all(transaction)
        : Datasets.known(transaction, List.of());
  }

  private static void write(
      Writes to,
      Datasets datasets,
      CommandRows commandRows,
      ChangeSet changes,
      Command<?> command) {
    List<ChunkRow> fresh = new ArrayList<>();
    List<ChunkKey> marked = new ArrayList<>();
    for (ChunkRow row : changes.chunks()) {
      if (!commandRows.knows(row.key())) {
        fresh.add(row);
      } else if (row.marked()) {
        marked.add(row.key());
      }
    }
    SwapSql.putAhead(to, datasets, changes.swaps());
    ChunkSql.insertAhead(to, datasets, fresh);
    ChunkSql.markAhead(to, datasets, marked);
    WorkerSql.putAhead(to, changes.workers());
    if (command instanceof Command.InventoryPart part) {
      InventoryPartSql.add(to, part);
    }
    if (isAboutFleet(command)) {
      changes.fleet().ifPresent(row -> FleetSql.putAhead(to, row));
    }
  }

  /** Commits, or looks up the outcome if the answer was lost. */
  static void commit(
      Database database, SqlTransaction own, Proofs.Opening opening, Runnable commit) {
    try {
      opening.commit(commit);
    } catch (StorageException.Transient e) {
      // The look-up needs a connection, and other commits may have the rest.
      own.close();
      if (e.outcome() == StorageException.Outcome.NOT_COMMITTED) {
        throw e;
      }
      requireCommitted(database, opening, e);
      opening.acknowledge();
    }
  }

  private static void requireCommitted(
      Database database, Proofs.Opening opening, StorageException.Transient unknown) {
    // Alone among writers, because a transaction under way ends before this one begins.
    boolean isStored;
    try (SqlTransaction transaction = database.begin(Database.Gate.SOLE_WRITER)) {
      isStored = opening.isStored(transaction);
      if (isStored) {
        transaction.confirm(database.patience());
      }
    } catch (StorageException.Transient e) {
      unknown.addSuppressed(e);
      throw unknown;
    }
    if (!isStored) {
      throw new StorageException.Transient(
          "the transaction of the command was rolled back: submit the command again",
          StorageException.Outcome.NOT_COMMITTED,
          unknown.getCause());
    }
  }

  /** Removes chunk numbers, which the leader gives later. */
  static Result withoutNumbers(Result result) {
    if (!(result instanceof Result.Batch batch)) {
      return result;
    }
    return new Result.Batch(batch.items().stream().map(Result.Item::withoutNumber).toList());
  }

  @Override
  public void doubt(Command<?> report, Tick now) {
    submitAlone(Objects.requireNonNull(report, "report"), Objects.requireNonNull(now, "now"));
  }

  @Override
  public AutoCloseable onNews(Runnable hint) {
    return wakeUps.subscribe(Objects.requireNonNull(hint, "hint"));
  }
}
