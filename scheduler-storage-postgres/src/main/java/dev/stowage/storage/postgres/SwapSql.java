package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.RowColumns;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The swaps and their sides; {@code state_ahead} is a writer's state ahead of the leader. */
final class SwapSql {
  private static final RowColumns<SwapRow> COLUMNS = RowColumns.SWAPS;

  private static final RowColumns<SwapRow> WHOLE = RowColumns.of(SwapRow.SHAPE).coded("dataset");

  private static final String READ_BASE =
      "SELECT "
          + WHOLE.selected("s.")
          + " FROM (SELECT s.*, "
          + side(Side.OLD, "old_chunks")
          + ", "
          + side(Side.NEW, "new_chunks")
          + " FROM $.swap s) s WHERE ";
  private static final String READ_AHEAD =
      READ_BASE.replace("s.state,", "COALESCE(s.state_ahead, s.state),");
  private static final String PUT =
      "INSERT INTO $.swap AS s ("
          + COLUMNS.names(name -> name)
          + ") SELECT * FROM unnest("
          + COLUMNS.parameters()
          + ") ON CONFLICT (id) DO UPDATE SET (state_ahead, "
          + COLUMNS.names(name -> name)
          + ") = (NULLIF(s.state_ahead, EXCLUDED.state), "
          + COLUMNS.names(name -> "EXCLUDED." + name)
          + ")";
  private static final String PUT_AHEAD =
      "INSERT INTO $.swap AS s ("
          + COLUMNS.names(name -> name.equals("state") ? "state_ahead" : name)
          + ") SELECT * FROM unnest("
          + COLUMNS.parameters()
          + ") ON CONFLICT (id) DO UPDATE SET state_ahead = EXCLUDED.state_ahead";
  private static final String PUT_SIDES =
      "INSERT INTO $.swap_chunk AS c (swap, side, place, dataset, id, pending)"
          + " SELECT u.swap, u.side, u.place, u.dataset, u.id, COALESCE(s.state_ahead, s.state) = 0"
          + " FROM unnest(?, ?, ?, ?, ?) WITH ORDINALITY AS u (swap, side, place, dataset, id, at)"
          + " JOIN $.swap s ON s.id = u.swap ORDER BY u.at"
          + " ON CONFLICT (swap, side, place) DO UPDATE SET pending = EXCLUDED.pending"
          + " WHERE c.pending <> EXCLUDED.pending";

  /** Deletes sides that a hand changed. */
  private static final String CLEAR_SIDES =
      "DELETE FROM $.swap_chunk c USING unnest(?::bigint[]) AS w (swap) WHERE c.swap = w.swap"
          + " AND NOT EXISTS (SELECT FROM unnest(?, ?, ?, ?, ?) AS u (swap, side, place, dataset,"
          + " id) WHERE u.swap = c.swap AND u.side = c.side AND u.place = c.place"
          + " AND u.dataset = c.dataset AND u.id = c.id COLLATE \"C\")";

  /** Keeps a swap not pending for writers while a cancellation waits for the leader. */
  private static final String PUT_BASE_SIDES =
      "INSERT INTO $.swap_chunk AS c (swap, side, place, dataset, id, pending) SELECT u.swap,"
          + " u.side, u.place, u.dataset, u.id, s.state = 0 FROM unnest(?, ?, ?, ?, ?) WITH"
          + " ORDINALITY AS u (swap, side, place, dataset, id, at) JOIN $.swap s ON s.id = u.swap"
          + " ORDER BY u.at ON CONFLICT (swap, side, place) DO UPDATE SET pending = c.pending AND"
          + " EXCLUDED.pending WHERE c.pending AND NOT EXCLUDED.pending";

  /** Holds for a chunk {@code c} produced by a swap that no leader knows yet. */
  static final String IS_OF_UNKNOWN =
      "(c.dataset, c.id) IN (SELECT p.dataset, p.id FROM $.swap s JOIN $.swap_chunk p"
          + " ON p.swap = s.id AND p.side = 1 WHERE s.state IS NULL)";

  /** Live chunks as shown to others, without the effects of news that may be set aside. */
  static final String LIVE_TO_OTHERS =
      "(SELECT c.* FROM (SELECT * FROM $.chunk WHERE live UNION ALL SELECT * FROM $.chunk"
          + " WHERE removal_ahead AND state IN (2, 3) AND NOT marked) c"
          + " WHERE c.position IS NOT NULL OR NOT "
          + IS_OF_UNKNOWN
          + ")";

  private SwapSql() {}

  private static String side(Side side, String as) {
    return "ARRAY(SELECT c.id FROM $.swap_chunk c WHERE c.swap = s.id AND c.side = "
        + side.ordinal()
        + " ORDER BY c.place) AS "
        + as;
  }

  static List<SwapRow> base(SqlTransaction from, Datasets datasets) {
    return from.list(READ_BASE + "s.state IS NOT NULL ORDER BY s.id", row -> read(row, datasets));
  }

  /** Returns a swap as its writers know it; needs all datasets. */
  static List<SwapRow> find(SqlTransaction from, Datasets datasets, long id) {
    return from.list(READ_AHEAD + "s.id = ?", row -> read(row, datasets), id);
  }

  /** Returns the pending swaps that have one of the chunks on the side. */
  static List<SwapRow> pending(
      SqlTransaction from, Datasets datasets, Collection<ChunkKey> keys, Side side) {
    ColumnSet columns = new ColumnSet(keys.size());
    for (ChunkKey key : keys) {
      columns.integer(datasets.number(key.dataset())).text(key.id()).endRow();
    }
    Object[] values = columns.values();
    return keys.isEmpty()
        ? List.of()
        : from.list(
            READ_AHEAD
                + "s.id IN (SELECT p.swap FROM $.swap_chunk p JOIN unnest(?, ?) AS u (dataset, id)"
                + " ON p.dataset = u.dataset AND p.id = u.id COLLATE \"C\" WHERE p.pending"
                + " AND p.side = "
                + side.ordinal()
                + ") ORDER BY s.id",
            row -> read(row, datasets),
            values[0],
            values[1]);
  }

  /** Returns the chunks that exist only for a swap that no leader knows yet. */
  static Set<ChunkKey> producedUnknown(
      SqlTransaction from, Datasets datasets, Collection<ChunkSql.Stored> chunks) {
    Set<ChunkKey> ahead = new TreeSet<>();
    chunks.stream().filter(chunk -> !chunk.isBase()).forEach(chunk -> ahead.add(chunk.row().key()));
    if (ahead.isEmpty()) {
      return ahead;
    }
    ColumnSet columns = new ColumnSet(ahead.size());
    for (ChunkKey key : ahead) {
      columns.integer(datasets.number(key.dataset())).text(key.id()).endRow();
    }
    List<ChunkKey> produced =
        from.list(
            "SELECT c.dataset, c.id FROM unnest(?, ?) AS c (dataset, id) WHERE " + IS_OF_UNKNOWN,
            row -> new ChunkKey(datasets.id(row.getInt(1)), row.getString(2)),
            columns.values());
    return new TreeSet<>(produced);
  }

  /** A side of a swap; the ordinal is stored. */
  enum Side {
    OLD,
    NEW
  }

  static void putBase(Writes to, Datasets datasets, Collection<SwapRow> rows) {
    put(to, datasets, rows, PUT, true);
  }

  static void putAhead(Writes to, Datasets datasets, Collection<SwapRow> rows) {
    put(to, datasets, rows, PUT_AHEAD, false);
  }

  static void settle(Writes to) {
    to.write(
        "UPDATE $.swap SET state_ahead = NULL WHERE state_ahead IS NOT NULL AND state IS NOT NULL"
            + " AND NOT EXISTS (SELECT FROM $.news WHERE about_fleet)");
  }

  static void delete(Writes to, Collection<Long> ids) {
    if (!ids.isEmpty()) {
      to.write(
          "DELETE FROM $.swap WHERE id = ANY (?)",
          (Object) ids.stream().mapToLong(Long::longValue).toArray());
    }
  }

  private static void put(
      Writes to, Datasets datasets, Collection<SwapRow> rows, String statement, boolean isBase) {
    if (rows.isEmpty()) {
      return;
    }
    ColumnSet swaps = new ColumnSet(rows.size());
    int named = rows.stream().mapToInt(it -> it.oldChunks().size() + it.newChunks().size()).sum();
    ColumnSet sides = new ColumnSet(named);
    for (SwapRow row : rows) {
      int dataset = datasets.number(row.dataset());
      COLUMNS.bind(row, swaps, datasets);
      swaps.endRow();
      addSide(sides, row, Side.OLD, row.oldChunks(), dataset);
      addSide(sides, row, Side.NEW, row.newChunks(), dataset);
    }
    to.write(statement, swaps);
    if (isBase) {
      Object[] values = sides.values();
      to.write(
          CLEAR_SIDES,
          rows.stream().mapToLong(SwapRow::id).toArray(),
          values[0],
          values[1],
          values[2],
          values[3],
          values[4]);
    }
    to.write(isBase ? PUT_BASE_SIDES : PUT_SIDES, sides);
  }

  private static void addSide(
      ColumnSet sides, SwapRow row, Side side, List<ChunkKey> chunks, int dataset) {
    for (int place = 0; place < chunks.size(); place++) {
      sides.bigint(row.id()).small(side.ordinal()).integer(place).integer(dataset);
      sides.text(chunks.get(place).id()).endRow();
    }
  }

  private static SwapRow read(ResultSet from, Datasets datasets) throws SQLException {
    try {
      return SwapRow.SHAPE.make(WHOLE.values(from, 1, datasets));
    } catch (RuntimeException e) {
      throw StoredFleet.unreadableRow("swap " + from.getLong(1), e);
    }
  }
}
