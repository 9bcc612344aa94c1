package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.ReplicaRows;

/** The rows of table {@code replica}, in columns on both sides. */
final class ReplicaTable {
  private static final int ROWS_AT_ONCE = 100_000;
  private static final String COLUMNS =
      "chunk, worker, since, superseded_at, released_at, readable_until, missing_since, flags";
  private static final String READ = "SELECT " + COLUMNS + " FROM $.replica";
  private static final String PUT =
      "INSERT INTO $.replica ("
          + COLUMNS
          + ") SELECT u.chunk, u.worker, u.since, NULLIF(u.superseded_at, 0),"
          + " NULLIF(u.released_at, 0), NULLIF(u.readable_until, 0), NULLIF(u.missing_since, -1),"
          + " NULLIF(u.flags, 0::smallint) FROM unnest(?, ?, ?, ?, ?, ?, ?, ?) AS u ("
          + COLUMNS
          + ") ON CONFLICT (chunk, worker) DO UPDATE SET (since, superseded_at, released_at,"
          + " readable_until, missing_since, flags) = (EXCLUDED.since, EXCLUDED.superseded_at,"
          + " EXCLUDED.released_at, EXCLUDED.readable_until, EXCLUDED.missing_since,"
          + " EXCLUDED.flags)";

  private ReplicaTable() {}

  static ReplicaRows all(SqlTransaction from, int expected) {
    return read(from, expected, READ);
  }

  /** The replicas of the chunks at these positions. */
  static ReplicaRows of(SqlTransaction from, int[] chunks) {
    return read(
        from, chunks.length * 4, READ + " WHERE chunk = ANY (?) ORDER BY chunk, worker", chunks);
  }

  static long count(SqlTransaction from) {
    return from.one("SELECT count(*) FROM $.replica", row -> row.getLong(1)).orElse(0L);
  }

  static void put(SqlTransaction to, ReplicaRows rows) {
    for (int from = 0; from < rows.size(); from += ROWS_AT_ONCE) {
      int end = Math.min(rows.size(), from + ROWS_AT_ONCE);
      ColumnSet columns = new ColumnSet(end - from);
      for (int row = from; row < end; row++) {
        columns.integer(rows.chunk(row)).integer(rows.worker(row)).bigint(rows.since(row));
        columns.bigint(rows.supersededAt(row)).bigint(rows.releasedAt(row));
        columns.bigint(rows.readableUntil(row)).bigint(rows.missingSince(row));
        columns.small(rows.flags(row)).endRow();
      }
      to.update(PUT, columns.values());
    }
  }

  static void delete(SqlTransaction to, ReplicaRows rows) {
    for (int from = 0; from < rows.size(); from += ROWS_AT_ONCE) {
      int end = Math.min(rows.size(), from + ROWS_AT_ONCE);
      ColumnSet columns = new ColumnSet(end - from);
      for (int row = from; row < end; row++) {
        columns.integer(rows.chunk(row)).integer(rows.worker(row)).endRow();
      }
      to.update(
          "DELETE FROM $.replica r USING unnest(?, ?) AS u (chunk, worker)"
              + " WHERE r.chunk = u.chunk AND r.worker = u.worker",
          columns.values());
    }
  }

  private static ReplicaRows read(
      SqlTransaction from, int expected, String query, Object... values) {
    ReplicaRows.Builder rows = ReplicaRows.builder(expected);
    from.visit(
        query,
        row -> {
          rows.add(row.getInt(1), row.getInt(2));
          rows.stamps(row.getLong(3), row.getLong(4), row.getLong(5));
          long until = row.getLong(6);
          long missing = row.getLong(7);
          boolean isMissing = !row.wasNull();
          rows.window(until, isMissing ? missing : -1, row.getInt(8));
        },
        values);
    return rows.build();
  }
}
