package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.ChunkRow;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.FleetRow;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.StorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Small ingests that several threads of a process submit at the same time, together: who comes
 * while others commit waits, and is then committed with all who wait, in a transaction of two
 * messages to the server. Each is decided by itself, after those that came before it, and answered
 * once it is durable. Thread-safe.
 */
final class GroupedIngests {
  /** An ingest of more chunks gains nothing by waiting for others. */
  static final int MOST_CHUNKS = 64;

  /** A fraction of what a group costs. */
  private static final long MOMENT_NANOS = 400_000;

  private final Database database;
  private final IngestQueue queue = new IngestQueue(MOST_CHUNKS, MOMENT_NANOS);
  private final KnownConfig known = new KnownConfig();

  GroupedIngests(Database database) {
    this.database = database;
  }

  /**
   * Decides a command with those that wait beside it.
   *
   * @throws StorageException.Transient if its outcome is unknown
   */
  IngestQueue.Waiting submit(Command.Ingest command, Tick now) {
    IngestQueue.Waiting mine = queue.add(command, now);
    if (mine.await() == IngestQueue.Turn.LEAD) {
      decide(queue.next());
    }
    mine.requireKnown();
    return mine;
  }

  private void decide(List<IngestQueue.Waiting> group) {
    try {
      commit(group);
    } catch (StorageException.Transient e) {
      boolean isUnknown = e.outcome() == StorageException.Outcome.UNKNOWN;
      group.forEach(one -> one.undecided(isUnknown ? e : null));
    } catch (RuntimeException e) {
      // Whoever caused it causes it again, alone; the others are not to suffer for it.
      group.forEach(one -> one.undecided(null));
    } finally {
      queue.answer(group);
    }
  }

  private void commit(List<IngestQueue.Waiting> group) {
    List<ProposedChunk> named = new ArrayList<>();
    group.forEach(one -> named.addAll(one.command.chunks()));
    Command.Ingest all = new Command.Ingest(named);
    List<DatasetId> wanted = Concern.datasets(all);
    SqlBatch first = database.opening(Database.Gate.SHARED_GLANCE);
    Datasets locked = Datasets.askLocked(first, wanted);
    List<LeaseTable.Stored> lease = LeaseTable.ask(first);
    List<FleetRow> newest = FleetTable.askNewest(first, known);
    List<ChunkTable.Stored> near = ChunkTable.askNear(first, locked, named);
    List<String> id =
        first.ask("SELECT pg_current_xact_id()::text", row -> String.valueOf(row.getString(1)));
    try (SqlTransaction transaction = database.begin(first)) {
      FleetRow fleet = PostgresInbox.fleetToWriteTo(lease, newest);
      if (PostgresInbox.isLimited(all, fleet.config())) {
        return;
      }
      boolean isKnown = locked.knowsAll(wanted);
      Datasets datasets = isKnown ? locked : Datasets.ensuredAndLocked(transaction, wanted);
      Vicinity vicinity =
          isKnown
              ? Vicinity.of(transaction, datasets, near)
              : Vicinity.of(transaction, datasets, all);
      LifecycleState state = vicinity.toState(fleet, Vicinity.Waiting.UNASKED);
      Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
      List<ChunkRow> fresh = new ArrayList<>();
      Deque<NewsTable.Fresh> news = new ArrayDeque<>();
      for (IngestQueue.Waiting one : group) {
        Lifecycle.Outcome outcome = lifecycle.execute(state, one.command, one.now);
        boolean isWritten = !outcome.changes().isEmpty();
        one.decided(PostgresInbox.withoutNumbers(outcome.result()), isWritten);
        if (isWritten) {
          fresh.addAll(outcome.changes().chunks());
          news.add(new NewsTable.Fresh(one.now, one.command));
        }
      }
      if (!news.isEmpty()) {
        SqlBatch last = new SqlBatch();
        if (!fresh.isEmpty()) {
          ChunkTable.insertAdmitted(last, datasets, fresh);
        }
        WakeUps.notify(last, database.schema);
        NewsTable.addAll(last, news);
        PostgresInbox.commit(database, () -> transaction.commit(last), id.get(0));
      }
    }
  }
}
