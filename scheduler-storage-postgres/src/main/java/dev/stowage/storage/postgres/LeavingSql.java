package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.Leaving;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Reads the replicas that a worker still holds from the rows of its chunks alone. */
final class LeavingSql {
  private static final String ON_WORKER =
      "SELECT d.name, c.id FROM $.replica r JOIN $.chunk c ON c.position = r.chunk"
          + " JOIN $.dataset d ON d.id = c.dataset WHERE r.worker = ?";

  /** Selects the last live chunk of each dataset, from which segments are counted. */
  private static final String LAST_OF_DATASETS =
      "SELECT DISTINCT ON (c.dataset) d.name, c.id FROM $.chunk c JOIN $.dataset d"
          + " ON d.id = c.dataset WHERE d.name = ANY (?) AND c.position IS NOT NULL"
          + " AND c.state IN (2, 3) AND NOT c.marked ORDER BY c.dataset, c.last_block DESC";

  private LeavingSql() {}

  static Optional<Leaving> read(SqlTransaction from, FleetRow fleet, WorkerId id) {
    Optional<WorkerRow> newest = WorkerSql.newest(from, id);
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    List<ChunkKey> keys = keysOn(from, id);
    LifecycleState state =
        keys.isEmpty() ? alone(fleet, newest.get()) : withChunks(from, fleet, keys);
    return Leaving.shown(state, state, id);
  }

  private static LifecycleState alone(FleetRow fleet, WorkerRow worker) {
    ChangeSet.Parts parts = new ChangeSet.Parts().workers(List.of(WorkerSql.at(worker, 0)));
    return LifecycleState.load(fleet, parts);
  }

  private static LifecycleState withChunks(
      SqlTransaction from, FleetRow fleet, List<ChunkKey> keys) {
    TreeSet<DatasetId> datasets = new TreeSet<>();
    keys.forEach(key -> datasets.add(key.dataset()));
    TreeSet<ChunkKey> all = new TreeSet<>(keys);
    if (!fleet.config().weights().all().isEmpty()) {
      all.addAll(
          keys(
              from,
              LAST_OF_DATASETS,
              (Object) datasets.stream().map(DatasetId::value).toArray(String[]::new)));
    }
    return Vicinity.ofStatus(from, Datasets.known(from, datasets), fleet, new ArrayList<>(all));
  }

  private static List<ChunkKey> keysOn(SqlTransaction from, WorkerId id) {
    return WorkerSql.base(from, id)
        .map(row -> keys(from, ON_WORKER, row.position()))
        .orElse(List.of());
  }

  private static List<ChunkKey> keys(SqlTransaction from, String sql, Object... values) {
    return from.list(
        sql, row -> new ChunkKey(DatasetId.of(row.getString(1)), row.getString(2)), values);
  }
}
