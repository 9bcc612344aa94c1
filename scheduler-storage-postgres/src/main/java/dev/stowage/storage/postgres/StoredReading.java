package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.Head;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.questions.Needs;
import dev.stowage.lifecycle.questions.Question;
import dev.stowage.lifecycle.questions.Reading;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Reads what questions need in one snapshot. */
final class StoredReading {
  private StoredReading() {}

  static <R> R answer(SqlTransaction from, Question<R> question) {
    Reading reading = StoredFleet.readable("an answer", () -> of(from, question.needs()));
    return question.answer(reading);
  }

  private static Reading of(SqlTransaction from, Needs needs) {
    if (needs instanceof Needs.Chunks some) {
      return whole(chunks(from, some.keys()));
    }
    if (needs instanceof Needs.Holdings some) {
      FleetRow fleet =
          FleetSql.base(from).map(FleetSql.Base::row).orElseThrow(() -> StoredFleet.absent(from));
      return new LeavingSql(from, fleet, some.workers());
    }
    if (needs instanceof Needs.Coverage) {
      StoredFleet.requireFleet(from);
      return new Coverage(from);
    }
    return whole(StoredFleet.load(from).state().orElseThrow(() -> StoredFleet.absent(from)));
  }

  private static Reading whole(LifecycleState state) {
    return Reading.of(state, state);
  }

  private static LifecycleState chunks(SqlTransaction from, List<ChunkKey> keys) {
    FleetRow fleet = FleetSql.newest(from).orElseThrow(() -> StoredFleet.absent(from));
    Datasets datasets = Datasets.known(from, keys.stream().map(ChunkKey::dataset).toList());
    return Vicinity.ofStatus(from, datasets, fleet, new TreeSet<>(keys));
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
