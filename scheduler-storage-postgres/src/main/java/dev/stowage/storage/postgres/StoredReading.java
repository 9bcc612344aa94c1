package dev.stowage.storage.postgres;

import dev.stowage.answer.Head;
import dev.stowage.answer.Leaving;
import dev.stowage.answer.Question;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.answering.Inquiry;
import dev.stowage.lifecycle.answering.Needs;
import dev.stowage.lifecycle.answering.Reading;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Reads what questions need in one snapshot. */
final class StoredReading {
  private StoredReading() {}

  static <R> R answer(SqlTransaction from, Question<R> question) {
    return StoredFleet.readable(
        "an answer", () -> of(from, Inquiry.of(question).needs()).answer(question));
  }

  private static Reading of(SqlTransaction from, Needs needs) {
    if (needs instanceof Needs.Chunks some) {
      return Reading.of(chunks(from, some.keys()));
    }
    if (needs instanceof Needs.Holdings some) {
      return new LeavingSql(from, fleet(from), some.workers());
    }
    if (needs instanceof Needs.Workers) {
      return Workers.read(from, fleet(from));
    }
    if (needs instanceof Needs.Fleet) {
      return Reading.of(
          FleetSql.atTickSeen(from, LifecycleState.load(fleet(from), new ChangeSet.Parts())));
    }
    if (needs instanceof Needs.Coverage) {
      StoredFleet.requireFleet(from);
      return new Coverage(from);
    }
    return Reading.of(StoredFleet.load(from).state().orElseThrow(() -> StoredFleet.absent(from)));
  }

  private static FleetRow fleet(SqlTransaction from) {
    return FleetSql.base(from).map(FleetSql.Base::row).orElseThrow(() -> StoredFleet.absent(from));
  }

  private static LifecycleState chunks(SqlTransaction from, List<ChunkKey> keys) {
    Datasets datasets = Datasets.known(from, keys.stream().map(ChunkKey::dataset).toList());
    return FleetSql.atTickSeen(
        from, some(from, datasets, fleet(from), new TreeSet<>(keys), List.of()));
  }

  /** Returns the chunks with their replicas, the workers of these, and those of {@code asked}. */
  static LifecycleState some(
      SqlTransaction from,
      Datasets datasets,
      FleetRow fleet,
      Collection<ChunkKey> keys,
      List<WorkerRow> asked) {
    List<ChunkRow> chunks = new ArrayList<>();
    Map<Integer, Integer> places = new LinkedHashMap<>();
    for (ChunkRow row : ChunkSql.find(from, datasets, keys)) {
      places.put(row.position(), chunks.size());
      chunks.add(ChunkSql.at(row, chunks.size()));
    }
    ReplicaRows stored =
        ReplicaSql.of(from, places.keySet().stream().mapToInt(Integer::intValue).toArray());
    Map<Integer, Integer> holders = new LinkedHashMap<>();
    int[] positions = new int[stored.size()];
    for (int row = 0; row < stored.size(); row++) {
      positions[row] = stored.worker(row);
    }
    List<WorkerRow> workers = new ArrayList<>(WorkerSql.at(from, positions));
    workers.forEach(row -> holders.put(row.position(), holders.size()));
    ReplicaRows.Builder replicas = ReplicaRows.builder(stored.size());
    for (int row = 0; row < stored.size(); row++) {
      Integer holder = holders.get(stored.worker(row));
      Integer chunk = places.get(stored.chunk(row));
      if (holder != null && chunk != null) {
        replicas.add(chunk, holder);
        replicas.stamps(stored.since(row), stored.supersededAt(row), stored.releasedAt(row));
        replicas.window(stored.readableUntil(row), stored.missingSince(row), stored.flags(row));
      }
    }
    asked.stream().filter(row -> !holders.containsKey(row.position())).forEach(workers::add);
    ChangeSet.Parts parts = new ChangeSet.Parts().chunks(chunks).workers(placed(workers));
    return LifecycleState.load(fleet, parts.replicas(replicas.build()));
  }

  private static List<WorkerRow> placed(List<WorkerRow> rows) {
    List<WorkerRow> placed = new ArrayList<>(rows.size());
    rows.forEach(row -> placed.add(WorkerSql.at(row, placed.size())));
    return placed;
  }

  /** The workers, whose replicas the server adds up. */
  private record Workers(LifecycleState state, Map<WorkerId, Leaving.Part> held)
      implements Reading {
    private static final String HELD =
        "SELECT w.id, count(*), least(sum(c.size_bytes), 9223372036854775807)::bigint FROM"
            + " (SELECT worker, chunk FROM $.replica) r JOIN $.chunk c ON c.position = r.chunk"
            + " JOIN $.worker w ON w.position = r.worker GROUP BY w.id";

    static Workers read(SqlTransaction from, FleetRow fleet) {
      Map<WorkerId, Leaving.Part> held = new HashMap<>();
      from.list(
          HELD,
          row ->
              held.put(
                  WorkerId.of(row.getString(1)), new Leaving.Part(row.getInt(2), row.getLong(3))));
      List<WorkerRow> all = placed(WorkerSql.briefly(from));
      LifecycleState state = LifecycleState.load(fleet, new ChangeSet.Parts().workers(all));
      return new Workers(FleetSql.atTickSeen(from, state), held);
    }

    @Override
    public Leaving.Part held(WorkerId worker) {
      return held.getOrDefault(worker, Leaving.Part.NONE);
    }
  }

  /** Heads of datasets, whose chunks may be too many to be sent. */
  private record Coverage(SqlTransaction from) implements Reading {
    private static final String HEAD =
        "WITH live AS (SELECT c.first_block, c.last_block, max(c.last_block) OVER (ORDER BY"
            + " c.first_block, c.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
            + " AS reached FROM $.chunk c JOIN $.dataset d ON d.id = c.dataset"
            + " WHERE c.live AND d.name = ?) SELECT (SELECT min(reached) FROM live"
            + " WHERE first_block - 1 > reached), max(last_block) FROM live";

    @Override
    public Head head(DatasetId dataset) {
      return from.one(HEAD, Coverage::read, dataset.value()).orElseThrow();
    }

    private static Head read(ResultSet row) throws SQLException {
      long beforeGap = row.getLong(1);
      boolean hasGap = !row.wasNull();
      long last = row.getLong(2);
      return row.wasNull()
          ? new Head(OptionalLong.empty(), OptionalLong.empty())
          : new Head(OptionalLong.of(hasGap ? beforeGap : last), OptionalLong.of(last));
    }

    @Override
    public LifecycleView state() {
      throw new UnsupportedOperationException("the question needs the coverage alone");
    }
  }
}
