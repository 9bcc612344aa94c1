package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.shape.Shape;
import dev.stowage.storage.postgres.sql.BinaryCopy;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.RowColumns;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** The rows of table {@code chunk}. */
final class ChunkSql {
  private static final int ROWS_AT_ONCE = 50_000;

  /** The fewest rows that are worth another round trip. */
  private static final int MANY = 16;

  private static final RowColumns<ChunkRow> COLUMNS = RowColumns.CHUNKS;

  private static final RowColumns<ChunkRow> CHANGING = COLUMNS.only(ChunkRow.CHANGING);

  private static final String ALL =
      "COPY (SELECT " + COLUMNS.selected() + " FROM $.chunk) TO STDOUT (FORMAT binary)";

  /** Selects a chunk by its key: one B-tree look-up, where a join may scan the whole dataset. */
  private static final String OF_KEY =
      "(SELECT k.ctid, k.* FROM $.chunk k WHERE k.dataset = u.dataset"
          + " AND k.id = u.id COLLATE \"C\" LIMIT 1)";

  private static final String FIND =
      "SELECT c.dataset, c.id, "
          + COLUMNS
              .selected("c.")
              .replace(
                  "c.established_at",
                  "$.established_at(c.established_at, c.number_lineage, c.number_counter)")
          + " FROM unnest(?, ?) AS u (dataset, id) CROSS JOIN LATERAL "
          + OF_KEY
          + " c";

  private static final String INSERT = COLUMNS.insert("chunk");

  private static final String CHANGE =
      CHANGING.update("chunk", "at, of") + " WHERE t.position = u.at AND t.id = u.of COLLATE \"C\"";

  private ChunkSql() {}

  static void visitAll(
      SqlTransaction from, Datasets datasets, EstablishedSql established, Consumer<ChunkRow> to) {
    from.copyOut(ALL, in -> to.accept(readAll(in, datasets, established)));
  }

  private static ChunkRow readAll(
      BinaryCopy.Reader in, Datasets datasets, EstablishedSql established) {
    try {
      return established.stamped(COLUMNS.values(in, datasets));
    } catch (RuntimeException e) {
      in.rewind();
      in.skip(COLUMNS.place("dataset"));
      int dataset = (int) in.number(-1);
      throw unreadable(String.valueOf(in.text()), dataset, e);
    }
  }

  private static StorageException.Corrupt unreadable(String id, int dataset, RuntimeException e) {
    return StoredFleet.unreadableRow("chunk " + id + " in dataset number " + dataset, e);
  }

  static List<ChunkRow> find(SqlTransaction from, Datasets datasets, Collection<ChunkKey> keys) {
    return keys.isEmpty()
        ? List.of()
        : from.list(FIND, row -> read(row, datasets), columns(datasets, keys).values());
  }

  /** Inserts rows with new keys. */
  static void create(Writes to, Datasets datasets, List<ChunkRow> rows) {
    if (rows.size() >= MANY) {
      to.copyIn(
          "COPY $.chunk (" + COLUMNS.names(name -> name) + ") FROM STDIN (FORMAT binary)",
          out -> {
            for (ChunkRow row : rows) {
              COLUMNS.copy(row, out, datasets);
            }
          });
    } else if (!rows.isEmpty()) {
      to.write(INSERT, ColumnSet.of(rows, (columns, row) -> COLUMNS.bind(row, columns, datasets)));
    }
  }

  static void change(Writes to, List<ChunkRow> rows) {
    for (int from = 0; from < rows.size(); from += ROWS_AT_ONCE) {
      List<ChunkRow> part = rows.subList(from, Math.min(rows.size(), from + ROWS_AT_ONCE));
      ColumnSet changed =
          ColumnSet.of(
              part,
              (columns, row) ->
                  CHANGING.bind(row, columns.integer(row.position()).text(row.key().id())));
      to.writeEach(CHANGE, changed, "chunks that change", "chunk");
    }
  }

  static void delete(Writes to, Datasets datasets, Collection<ChunkKey> keys) {
    if (!keys.isEmpty()) {
      to.write(
          "DELETE FROM $.chunk c USING unnest(?, ?) AS u (dataset, id) CROSS JOIN LATERAL "
              + OF_KEY
              + " k WHERE c.ctid = k.ctid",
          columns(datasets, keys));
    }
  }

  private static ColumnSet columns(Datasets datasets, Collection<ChunkKey> keys) {
    return ColumnSet.of(
        keys, (columns, key) -> columns.integer(datasets.number(key.dataset())).text(key.id()));
  }

  private static ChunkRow read(ResultSet from, Datasets datasets) throws SQLException {
    try {
      return Shape.of(ChunkRow.class).make(COLUMNS.values(from, 3, datasets));
    } catch (RuntimeException e) {
      throw unreadable(String.valueOf(from.getString(2)), from.getInt(1), e);
    }
  }

  static ChunkRow at(ChunkRow row, int position) {
    return Shape.of(ChunkRow.class).with(row, ChunkRow.POSITION, position);
  }
}
