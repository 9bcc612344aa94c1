package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.PendingReport;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.News;
import dev.stowage.store.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares the rows that writers left ahead of the leader with the news that explains them. */
final class AheadAudit {
  private static final String NOBODY =
      " was changed ahead of the leader, and no news asks for that";
  private static final String ANOTHER =
      " was changed ahead of the leader, and not as its news asks for";

  private final SqlTransaction from;
  private final LifecycleState state;
  private final List<String> found = new ArrayList<>();

  /** The keys of the rows that the readable news changes. */
  private final Set<ChunkKey> chunks = new TreeSet<>();

  private final Set<Long> swaps = new TreeSet<>();
  private final Set<WorkerId> reported = new TreeSet<>();

  private boolean isOfFleet;
  private boolean isAllRead = true;

  private AheadAudit(SqlTransaction from, LifecycleState state) {
    this.from = from;
    this.state = state;
  }

  /** Returns the discrepancies. Executes the news on a state of its own, read for that purpose. */
  static List<String> problems(SqlTransaction from) {
    try {
      LoadedFleet fleet = StoredFleet.load(from);
      LifecycleState state = fleet.state().orElseThrow(() -> StoredFleet.absent(from));
      AheadAudit audit = new AheadAudit(from, state);
      NewsSql.visit(from, audit::take);
      audit.nobodyAsked();
      audit.ofTheLeader();
      audit.compare();
      return audit.found;
    } catch (StorageException.Corrupt e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private void take(News.Piece piece) {
    if (!(piece instanceof News.Item item)) {
      isAllRead = false;
      return;
    }
    if (!isAllRead) {
      return;
    }
    try {
      ChangeSet changes =
          new Lifecycle(PlacementPlanner.sticky())
              .decide(state, item.command(), item.tick())
              .changes();
      isAllRead = !changes.isEmpty();
      isOfFleet |=
          item.command().kind().concern() == CommandKind.Concern.FLEET
              && changes.fleet().isPresent();
      changes.chunks().forEach(row -> chunks.add(row.key()));
      changes.swaps().forEach(row -> swaps.add(row.id()));
      changes.workers().forEach(row -> reported.add(row.id()));
    } catch (IllegalArgumentException | IllegalStateException | NullPointerException unfit) {
      // The leader will set this news aside, and its rows cannot be told from others.
      isAllRead = false;
    }
  }

  private void nobodyAsked() {
    if (isAllRead) {
      chunksNobodyAskedFor();
      swapsNobodyAskedFor();
    }
    none(
        "SELECT 'worker ' || w.id FROM $.worker w WHERE w.ahead"
            + " AND NOT EXISTS (SELECT FROM $.news n WHERE n.worker = w.id)");
    none(
        "SELECT 'the fleet' FROM $.fleet f WHERE f.ahead"
            + " AND NOT EXISTS (SELECT FROM $.news n WHERE n.about_fleet)");
  }

  private void ofTheLeader() {
    from.visit(
        "SELECT 'worker ' || w.id FROM $.worker w WHERE w.ahead AND w.slice_sum IS NOT NULL"
            + " UNION ALL SELECT 'the fleet' FROM $.fleet f WHERE f.ahead AND (f.digest <> 0"
            + " OR f.evidence_index IS NOT NULL OR f.evidence_hash IS NOT NULL) LIMIT "
            + StoredAudit.MOST_TOLD,
        row ->
            tell(
                row.getString(1),
                " was changed ahead of the leader, and has values that only a leader writes"));
  }

  private void none(String query) {
    from.visit(query + " LIMIT " + StoredAudit.MOST_TOLD, row -> tell(row.getString(1), NOBODY));
  }

  private void chunksNobodyAskedFor() {
    from.visit(
        "SELECT d.name, c.id, c.position IS NULL FROM $.chunk c"
            + " JOIN $.dataset d ON d.id = c.dataset WHERE c.position IS NULL OR c.removal_ahead",
        row -> {
          ChunkKey key = new ChunkKey(DatasetId.of(row.getString(1)), row.getString(2));
          int position = state.chunkPosition(key);
          boolean isAsked =
              row.getBoolean(3)
                  ? chunks.contains(key)
                  : position >= 0 && chunks.contains(key) && state.isMarked(position);
          if (!isAsked) {
            tell("chunk " + key, NOBODY);
          }
        });
  }

  private void swapsNobodyAskedFor() {
    from.visit(
        "SELECT s.id FROM $.swap s WHERE s.state_ahead IS NOT NULL"
            + " AND s.state_ahead IS DISTINCT FROM s.state",
        row -> {
          if (!swaps.contains(row.getLong(1))) {
            tell("swap " + row.getLong(1), NOBODY);
          }
        });
  }

  /** Compares every row that the news changes with the row that the leader will make. */
  private void compare() {
    List<WorkerRow> workers = WorkerSql.ahead(from);
    List<FleetRow> fleets = FleetSql.ahead(from);
    if (!isAllRead) {
      return;
    }
    Datasets datasets = Datasets.all(from);
    chunks(datasets);
    swaps.forEach(id -> swap(id, datasets));
    workers(workers);
    if (isOfFleet && fleets.stream().noneMatch(row -> isAsked(row, state.fleetRow()))) {
      tell("the fleet", ANOTHER);
    }
  }

  private void chunks(Datasets datasets) {
    Map<ChunkKey, ChunkRow> stored = new TreeMap<>();
    ChunkSql.find(from, datasets, chunks).forEach(row -> stored.put(row.row().key(), row.ahead()));
    for (ChunkKey key : chunks) {
      int position = state.chunkPosition(key);
      ChunkRow row = stored.get(key);
      if (position >= 0 && (row == null || !isAsked(row, state.chunkRow(position)))) {
        tell("chunk " + key, ANOTHER);
      }
    }
  }

  /** Ignores numbers and positions, which the leader gives. */
  private static boolean isAsked(ChunkRow stored, ChunkRow asked) {
    long changed = ChunkRow.SHAPE.changed(stored, asked);
    return stored.position() >= 0
        ? (changed & (ChunkRow.MARKED.bit() | ChunkRow.MEASURED)) == 0
        : (changed & ChunkRow.FRESH & ~ChunkRow.GIVEN) == 0
            && stored.marked() == asked.marked()
            && stored.number() == null
            && isUntouched(stored);
  }

  private static boolean isUntouched(ChunkRow row) {
    return (row.state() == ChunkState.ADMITTED || row.state() == ChunkState.OFFERED)
        && ChunkRow.SHAPE.with(row, ChunkRow.MARKED, false).isFresh();
  }

  private void swap(long id, Datasets datasets) {
    List<SwapRow> stored = SwapSql.find(from, datasets, id);
    boolean isAsked =
        state
            .swap(id)
            .map(row -> stored.size() == 1 && isAsked(stored.get(0), row))
            .orElse(stored.isEmpty());
    if (!isAsked) {
      tell("swap " + id, ANOTHER);
    }
  }

  private static boolean isAsked(SwapRow stored, SwapRow asked) {
    return (SwapRow.SHAPE.changed(stored, asked) & SwapRow.REGISTERED) == 0;
  }

  private void workers(List<WorkerRow> ahead) {
    Map<WorkerId, WorkerRow> stored = new TreeMap<>();
    ahead.forEach(row -> stored.put(row.id(), row));
    for (WorkerId id : reported) {
      int position = state.workerPosition(id);
      WorkerRow row = stored.get(id);
      if (position >= 0 && (row == null || !isAsked(row, state.workerRow(position)))) {
        tell("worker " + id, ANOTHER);
      }
    }
  }

  private static boolean isAsked(WorkerRow stored, WorkerRow asked) {
    WorkerRow one = WorkerSql.with(stored, pending(stored));
    WorkerRow other = WorkerSql.with(asked, pending(asked));
    return (WorkerRow.SHAPE.changed(one, other) & WorkerRow.DECIDED) == 0;
  }

  private static List<PendingReport> pending(WorkerRow row) {
    return row.pending().stream()
        .map(it ->
            it.isPart()
                ? new PendingReport(it.kind(), it.number(), it.assignment(), List.of())
                : it)
        .toList();
  }

  /** Ignores times, which advance without a row being written. */
  private static boolean isAsked(FleetRow stored, FleetRow asked) {
    return (FleetRow.SHAPE.changed(stored, asked) & FleetRow.DECIDED) == 0
        && stored.hasLineagesOf(asked);
  }

  private void tell(String what, String why) {
    if (found.size() < StoredAudit.MOST_TOLD * StoredAudit.MOST_TOLD) {
      found.add(what + why + StoredAudit.BY_A_HAND);
    }
  }
}
