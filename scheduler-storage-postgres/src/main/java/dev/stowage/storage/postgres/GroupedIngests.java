package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.ChunkRow;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.FleetRow;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.StorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Small ingests that several threads of a process submit at the same time, in one transaction: who
 * comes while another commits waits, and is then committed with all who wait. Each is decided by
 * itself, in the order in which they came, and answered once it is durable. Thread-safe.
 */
final class GroupedIngests {
  /** An ingest of more chunks gains nothing by waiting for others. */
  static final int MOST_CHUNKS = 64;

  private static final int MOST_COMMANDS = 64;

  private final Database database;
  private final Deque<Waiting> waiting = new ConcurrentLinkedDeque<>();
  private final ReentrantLock turn = new ReentrantLock(true);

  GroupedIngests(Database database) {
    this.database = database;
  }

  /** A command on its way; what became of it belongs to whoever has the turn. */
  static final class Waiting {
    private final Command.Ingest command;
    private final Tick now;
    private boolean isOver;
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
    waiting.add(mine);
    turn.lock();
    try {
      while (!mine.isOver) {
        decide(next());
      }
    } finally {
      turn.unlock();
    }
    StorageException failure = mine.failure;
    if (failure != null) {
      throw failure;
    }
    return mine;
  }

  private List<Waiting> next() {
    List<Waiting> group = new ArrayList<>();
    for (Waiting one = waiting.poll(); one != null; one = waiting.poll()) {
      group.add(one);
      if (group.size() == MOST_COMMANDS) {
        break;
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
      group.forEach(one -> one.isOver = true);
    }
  }

  private void commit(List<Waiting> group) {
    try (SqlTransaction transaction = database.begin(Database.Gate.SHARED)) {
      FleetRow fleet = PostgresInbox.fleetToWriteTo(transaction);
      List<ProposedChunk> named = new ArrayList<>();
      group.forEach(one -> named.addAll(one.command.chunks()));
      Command.Ingest all = new Command.Ingest(named);
      if (PostgresInbox.isLimited(all, fleet.config())) {
        return;
      }
      Datasets datasets = Datasets.locked(transaction, Concern.datasets(all));
      Vicinity vicinity = Vicinity.of(transaction, datasets, all);
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
        ChunkTable.insertAhead(transaction, datasets, fresh);
        PostgresInbox.commit(database, transaction, NewsTable.addAll(transaction, news));
      }
    }
  }
}
