package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.shape.Shape;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.RowColumns;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** The rows of table {@code swap}. */
final class SwapSql {
  private static final RowColumns<SwapRow> COLUMNS = RowColumns.SWAPS;

  private static final String PUT = COLUMNS.put("swap");

  private SwapSql() {}

  static List<SwapRow> all(SqlTransaction from, Datasets datasets) {
    return from.list(
        "SELECT " + COLUMNS.selected() + " FROM $.swap ORDER BY id", row -> read(row, datasets));
  }

  static void put(Writes to, Datasets datasets, Collection<SwapRow> rows) {
    if (rows.isEmpty()) {
      return;
    }
    to.write(PUT, ColumnSet.of(rows, (columns, row) -> COLUMNS.bind(row, columns, datasets)));
  }

  static void delete(Writes to, Collection<Long> ids) {
    if (!ids.isEmpty()) {
      to.write(
          "DELETE FROM $.swap WHERE id = ANY (?)",
          (Object) ids.stream().mapToLong(Long::longValue).toArray());
    }
  }

  private static SwapRow read(ResultSet from, Datasets datasets) throws SQLException {
    try {
      return Shape.of(SwapRow.class).make(COLUMNS.values(from, 1, datasets));
    } catch (RuntimeException e) {
      throw StoredFleet.unreadableRow("swap " + from.getLong(1), e);
    }
  }
}
