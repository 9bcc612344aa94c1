package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.ChunkRow;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.FleetRow;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.StorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Small ingests that several threads of a process submit at the same time, together: who comes
 * while others commit waits, and is then committed with all who wait, in a transaction of two
 * messages to the server. Each is decided by itself, after those that came before it, and answered
 * once it is durable. Thread-safe.
 */
final class GroupedIngests {
  /** An ingest of more chunks gains nothing by waiting for others. */
  static final int MOST_CHUNKS = 64;

  /** One group is decided while another waits for the disk. */
  private static final int GROUPS_UNDER_WAY = 2;

  /**
   * Every statement looks up a few keys in B-trees, whatever the server knows about the tables: it
   * need not weigh that anew each time, nor ever read a whole table.
   */
  private static final String LOOKING_UP =
      "SELECT set_config(name, value, true) FROM (VALUES"
          + " ('plan_cache_mode', 'force_generic_plan'), ('enable_seqscan', 'off'),"
          + " ('enable_bitmapscan', 'off'), ('enable_hashjoin', 'off'),"
          + " ('enable_mergejoin', 'off'), ('enable_sort', 'off'), ('jit', 'off'))"
          + " AS settings (name, value)";

  private final Database database;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Semaphore turns = new Semaphore(GROUPS_UNDER_WAY, true);

  GroupedIngests(Database database) {
    this.database = database;
  }

  /** A command on its way; what became of it belongs to who has it in a group, then to all. */
  static final class Waiting {
    private final Command.Ingest command;
    private final Tick now;
    private final CompletableFuture<Waiting> over = new CompletableFuture<>();
    private boolean isInGroup;
    private boolean isAccepted;
    private @Nullable Result result;
    private @Nullable StorageException failure;

    Waiting(Command.Ingest command, Tick now) {
      this.command = command;
      this.now = now;
    }

    /** The answer; null if it must be decided alone. */
    @Nullable Result result() {
      return result;
    }

    /** Whether something was written. */
    boolean isAccepted() {
      return isAccepted;
    }
  }

  /**
   * Decides a command with those that wait beside it.
   *
   * @throws StorageException.Transient if its outcome is unknown
   */
  Waiting submit(Command.Ingest command, Tick now) {
    Waiting mine = new Waiting(command, now);
    synchronized (waiting) {
      waiting.add(mine);
    }
    turns.acquireUninterruptibly();
    try {
      for (List<Waiting> group = next(mine); !group.isEmpty(); group = next(mine)) {
        decide(group);
      }
    } finally {
      turns.release();
    }
    mine.over.join();
    StorageException failure = mine.failure;
    if (failure != null) {
      throw failure;
    }
    return mine;
  }

  /** Who is first, as many as a group takes; nobody, if this one is in a group already. */
  private List<Waiting> next(Waiting mine) {
    List<Waiting> group = new ArrayList<>();
    synchronized (waiting) {
      int chunks = 0;
      while (!waiting.isEmpty() && (!mine.isInGroup || !group.isEmpty())) {
        chunks += waiting.element().command.chunks().size();
        if (chunks > MOST_CHUNKS && !group.isEmpty()) {
          break;
        }
        Waiting first = waiting.remove();
        first.isInGroup = true;
        group.add(first);
      }
    }
    return group;
  }

  private void decide(List<Waiting> group) {
    try {
      commit(group);
    } catch (StorageException.Transient e) {
      for (Waiting one : group) {
        one.result = null;
        one.failure = e.outcome() == StorageException.Outcome.UNKNOWN ? e : null;
      }
    } catch (RuntimeException e) {
      // Whoever caused it causes it again, alone; the others are not to suffer for it.
      group.forEach(one -> one.result = null);
    } finally {
      group.forEach(one -> one.over.complete(one));
    }
  }

  private void commit(List<Waiting> group) {
    List<ProposedChunk> named = new ArrayList<>();
    group.forEach(one -> named.addAll(one.command.chunks()));
    Command.Ingest all = new Command.Ingest(named);
    List<DatasetId> wanted = Concern.datasets(all);
    SqlBatch first = database.opening(Database.Gate.SHARED).visit(LOOKING_UP, row -> {});
    Datasets locked = Datasets.askLocked(first, wanted);
    List<LeaseTable.Stored> lease = LeaseTable.ask(first);
    List<FleetRow> newest = FleetTable.askNewest(first);
    List<ChunkTable.Stored> near = ChunkTable.askNear(first, locked, named);
    List<String> id =
        first.ask("SELECT pg_current_xact_id()::text", row -> String.valueOf(row.getString(1)));
    try (SqlTransaction transaction = database.begin(first)) {
      FleetRow fleet =
          PostgresInbox.fleetToWriteTo(
              LeaseTable.only(lease),
              newest.stream().findFirst().orElseThrow(StoredFleet::notBegun));
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
      for (Waiting one : group) {
        Lifecycle.Outcome outcome = lifecycle.execute(state, one.command, one.now);
        one.result = PostgresInbox.withoutNumbers(outcome.result());
        one.isAccepted = !outcome.changes().isEmpty();
        if (one.isAccepted) {
          fresh.addAll(outcome.changes().chunks());
          news.add(new NewsTable.Fresh(one.now, one.command));
        }
      }
      if (!news.isEmpty()) {
        SqlBatch last = new SqlBatch();
        if (!fresh.isEmpty()) {
          ChunkTable.insertAhead(last, datasets, fresh);
        }
        WakeUps.notify(last, database.schema);
        NewsTable.addAll(last, news);
        PostgresInbox.commit(database, () -> transaction.commit(last), id.get(0));
      }
    }
  }
}
