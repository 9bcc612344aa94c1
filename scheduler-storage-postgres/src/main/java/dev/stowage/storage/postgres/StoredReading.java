package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.Head;
import dev.stowage.lifecycle.Leaving;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.questions.Needs;
import dev.stowage.lifecycle.questions.Question;
import dev.stowage.lifecycle.questions.Reading;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Reads what questions need in one snapshot. */
final class StoredReading {
  private StoredReading() {}

  static <R> R answer(SqlTransaction from, Question<R> question) {
    return StoredFleet.readable("an answer", () -> question.answer(of(from, question.needs())));
  }

  private static Reading of(SqlTransaction from, Needs needs) {
    if (needs instanceof Needs.Chunks some) {
      return whole(chunks(from, some.keys()));
    }
    if (needs instanceof Needs.Holdings some) {
      return new LeavingSql(from, fleet(from), some.workers());
    }
    if (needs instanceof Needs.Workers) {
      return Workers.read(from, fleet(from));
    }
    if (needs instanceof Needs.Fleet) {
      return whole(
          FleetSql.atTickSeen(from, LifecycleState.load(fleet(from), new ChangeSet.Parts())));
    }
    if (needs instanceof Needs.Coverage) {
      StoredFleet.requireFleet(from);
      return new Coverage(from);
    }
    return whole(StoredFleet.load(from).state().orElseThrow(() -> StoredFleet.absent(from)));
  }

  private static FleetRow fleet(SqlTransaction from) {
    return FleetSql.base(from).map(FleetSql.Base::row).orElseThrow(() -> StoredFleet.absent(from));
  }

  private static Reading whole(LifecycleState state) {
    return Reading.of(state, state);
  }

  private static LifecycleState chunks(SqlTransaction from, List<ChunkKey> keys) {
    FleetRow fleet = FleetSql.newest(from).orElseThrow(() -> StoredFleet.absent(from));
    Datasets datasets = Datasets.known(from, keys.stream().map(ChunkKey::dataset).toList());
    return CommandRows.ofStatus(from, datasets, fleet, new TreeSet<>(keys));
  }

  /** The workers, whose replicas the server adds up. */
  private record Workers(LifecycleState newest, Map<WorkerId, Leaving.Part> held)
      implements Reading {
    private static final String HELD =
        "SELECT w.id, count(*), least(sum(c.size_bytes), 9223372036854775807)::bigint FROM"
            + " (SELECT worker, chunk FROM $.replica) r JOIN $.chunk c ON c.position = r.chunk"
            + " JOIN $.worker w ON w.position = r.worker AND NOT w.ahead GROUP BY w.id";

    static Workers read(SqlTransaction from, FleetRow fleet) {
      Map<WorkerId, Leaving.Part> held = new HashMap<>();
      from.list(
          HELD,
          row ->
              held.put(
                  WorkerId.of(row.getString(1)), new Leaving.Part(row.getInt(2), row.getLong(3))));
      return new Workers(CommandRows.ofWorkers(from, fleet), held);
    }

    @Override
    public LifecycleView taken() {
      return newest;
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
            + " AS reached FROM "
            + SwapSql.LIVE_TO_OTHERS
            + " c JOIN $.dataset d ON d.id = c.dataset"
            + " WHERE d.name = ?) SELECT (SELECT min(reached) FROM live"
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
    public LifecycleView taken() {
      throw new UnsupportedOperationException("the question needs the coverage alone");
    }

    @Override
    public LifecycleView newest() {
      return taken();
    }
  }
}
