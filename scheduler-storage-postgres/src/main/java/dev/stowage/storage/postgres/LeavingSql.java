package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.answering.Reading;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads the replicas that workers still hold from the rows of their chunks alone. */
final class LeavingSql implements Reading {
  /** The number of replicas above which workers are judged in several states. */
  private static final int MANY = 200_000;

  private static final String ON_WORKERS =
      "SELECT w.id, array_agg(r.chunk) FROM $.replica r JOIN $.worker w ON w.position = r.worker"
          + " WHERE r.worker = ANY (ARRAY(SELECT b.position FROM $.worker b WHERE b.id = ANY (?)))"
          + " GROUP BY w.id";

  /** Selects the chunks for whose gone replicas the newest routes name workers. */
  private static final String NAMED_GONE =
      "SELECT u.name, array_agg(c.position) FROM $.chunk c CROSS JOIN LATERAL"
          + " unnest(c.gone_names) AS u (name) WHERE c.stale_routes"
          + " AND u.name = ANY (?) GROUP BY u.name";

  private static final String KEYS =
      "SELECT d.name, c.id FROM $.chunk c JOIN $.dataset d ON d.id = c.dataset"
          + " WHERE c.position = ANY (?)";

  /** Selects the last live chunk of each dataset, from which segments are counted. */
  private static final String LAST_OF_DATASETS =
      "SELECT DISTINCT ON (c.dataset) d.name, c.id FROM $.chunk c JOIN $.dataset d"
          + " ON d.id = c.dataset WHERE d.name = ANY (?) AND c.live"
          + " ORDER BY c.dataset, c.last_block DESC";

  private final SqlTransaction from;
  private final List<WorkerId> asked;
  private final FleetRow fleet;
  private final FleetSql.Seen seen;

  /** The rows of the workers asked about. */
  private final Map<WorkerId, WorkerRow> rows = new TreeMap<>();

  /** The positions of the chunks that matter to a worker. */
  private final Map<WorkerId, int[]> chunks = new HashMap<>();

  private @Nullable LifecycleState all;

  LeavingSql(SqlTransaction from, FleetRow fleet, List<WorkerId> workers) {
    this.from = from;
    asked = workers;
    this.fleet = fleet;
    seen = FleetSql.seen(from, fleet);
    String[] names = workers.stream().map(WorkerId::value).toArray(String[]::new);
    WorkerSql.briefly(from, workers).forEach(row -> rows.put(row.id(), row));
    note(ON_WORKERS, names);
    note(NAMED_GONE, names);
  }

  private void note(String sql, String[] names) {
    from.list(sql, Holdings::read, (Object) names)
        .forEach(some -> chunks.merge(some.worker(), some.chunks(), LeavingSql::both));
  }

  private static int[] both(int[] some, int[] more) {
    return IntStream.concat(Arrays.stream(some), Arrays.stream(more)).distinct().toArray();
  }

  private record Holdings(WorkerId worker, int[] chunks) {
    static Holdings read(ResultSet row) throws SQLException {
      Integer[] positions = (Integer[]) row.getArray(2).getArray();
      return new Holdings(
          WorkerId.of(row.getString(1)),
          Arrays.stream(positions).mapToInt(Integer::intValue).toArray());
    }
  }

  @Override
  public void forSome(List<WorkerId> workers, BiConsumer<Reading, List<WorkerId>> visitor) {
    List<WorkerId> some = new ArrayList<>();
    int places = 0;
    for (WorkerId id : workers) {
      int more = chunksOf(id).length;
      if (places + more > MANY && !some.isEmpty()) {
        visitor.accept(of(some), some);
        some = new ArrayList<>();
        places = 0;
      }
      some.add(id);
      places += more;
    }
    visitor.accept(of(some), some);
  }

  @Override
  public LifecycleView state() {
    LifecycleState state = all;
    if (state == null) {
      state = state(asked);
      all = state;
    }
    return state;
  }

  private int[] chunksOf(WorkerId id) {
    return chunks.getOrDefault(id, new int[0]);
  }

  private Reading of(List<WorkerId> some) {
    return Reading.of(state(some));
  }

  private LifecycleState state(List<WorkerId> some) {
    List<WorkerRow> found = some.stream().map(rows::get).filter(Objects::nonNull).toList();
    int[] positions =
        some.stream().map(this::chunksOf).flatMapToInt(Arrays::stream).distinct().toArray();
    List<ChunkKey> held = positions.length == 0 ? List.of() : keys(KEYS, positions);
    TreeSet<ChunkKey> keys = new TreeSet<>(held);
    TreeSet<DatasetId> datasets = new TreeSet<>();
    held.forEach(key -> datasets.add(key.dataset()));
    if (!held.isEmpty() && !fleet.config().weights().all().isEmpty()) {
      keys.addAll(
          keys(
              LAST_OF_DATASETS,
              (Object) datasets.stream().map(DatasetId::value).toArray(String[]::new)));
    }
    LifecycleState state =
        StoredReading.some(from, Datasets.known(from, datasets), fleet, keys, found);
    state.seen(seen.tick(), seen.clockNanos());
    return state;
  }

  private List<ChunkKey> keys(String sql, Object value) {
    return from.list(
        sql, row -> new ChunkKey(DatasetId.of(row.getString(1)), row.getString(2)), value);
  }
}
