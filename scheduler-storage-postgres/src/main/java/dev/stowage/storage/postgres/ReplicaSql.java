package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.storage.postgres.sql.BinaryCopy;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The rows of table {@code replica}, in columns on both sides. */
final class ReplicaSql {
  private static final int ROWS_AT_ONCE = 100_000;

  /** The fewest fresh rows for COPY; fewer go with other statements. */
  private static final int MANY = 64;

  private static final String TABLE = "replica";
  private static final String CHANGING = "replicas that change";

  private static final String COLUMNS =
      "chunk, worker, since, superseded_at, released_at, readable_until, missing_since, flags";
  private static final String READ = "SELECT " + COLUMNS + " FROM $.replica";
  private static final String FRESH = "COPY $.replica (" + COLUMNS + ") FROM STDIN (FORMAT binary)";
  private static final String ALL = "COPY $.replica (" + COLUMNS + ") TO STDOUT (FORMAT binary)";
  private static final String VALUES =
      "u.since, NULLIF(u.superseded_at, 0), NULLIF(u.released_at, 0), NULLIF(u.readable_until, 0),"
          + " NULLIF(u.missing_since, -1), NULLIF(u.flags, 0::smallint)"
          + " FROM unnest(?, ?, ?, ?, ?, ?, ?, ?) AS u ("
          + COLUMNS
          + ")";
  private static final String ADDED =
      "INSERT INTO $.replica (" + COLUMNS + ") SELECT u.chunk, u.worker, " + VALUES;
  private static final String CHANGED =
      "UPDATE $.replica r SET since = u.since, superseded_at = NULLIF(u.superseded_at, 0),"
          + " released_at = NULLIF(u.released_at, 0), readable_until = NULLIF(u.readable_until, 0),"
          + " missing_since = NULLIF(u.missing_since, -1), flags = NULLIF(u.flags, 0::smallint)"
          + " FROM unnest(?, ?, ?, ?, ?, ?, ?, ?) AS u ("
          + COLUMNS
          + ") WHERE r.chunk = u.chunk AND r.worker = u.worker";

  private ReplicaSql() {}

  static void visitAll(SqlTransaction from, LifecycleState.Builder to) {
    from.copyOut(
        ALL,
        in -> {
          to.replica((int) in.number(0), (int) in.number(0), in.number(0));
          to.ending(in.number(0), in.number(0));
          to.window(in.number(0), in.number(-1), (int) in.number(0));
        });
  }

  static ReplicaRows of(SqlTransaction from, int[] chunks) {
    return read(
        from, chunks.length * 4, READ + " WHERE chunk = ANY (?) ORDER BY chunk, worker", chunks);
  }

  static void put(Writes to, ReplicaRows rows) {
    int[] fresh = IntStream.range(0, rows.size()).filter(rows::isFresh).toArray();
    int[] changed = IntStream.range(0, rows.size()).filter(row -> !rows.isFresh(row)).toArray();
    if (fresh.length >= MANY) {
      copy(to, rows, fresh);
    } else if (fresh.length > 0) {
      to.write(ADDED, columns(rows, fresh));
    }
    for (int from = 0; from < changed.length; from += ROWS_AT_ONCE) {
      int end = Math.min(changed.length, from + ROWS_AT_ONCE);
      int[] part = Arrays.copyOfRange(changed, from, end);
      to.writeEach(CHANGED, columns(rows, part), CHANGING, TABLE);
    }
  }

  private static void copy(Writes to, ReplicaRows rows, int[] fresh) {
    to.copyIn(
        FRESH,
        out -> {
          for (int row : fresh) {
            write(out, rows, row);
          }
        });
  }

  private static void write(BinaryCopy.Writer out, ReplicaRows rows, int row) throws SQLException {
    out.row(8).integer(rows.chunk(row)).integer(rows.worker(row)).bigint(rows.since(row));
    out.bigintUnless(0, rows.supersededAt(row)).bigintUnless(0, rows.releasedAt(row));
    out.bigintUnless(0, rows.readableUntil(row)).bigintUnless(-1, rows.missingSince(row));
    out.smallUnlessZero(rows.flags(row));
  }

  private static ColumnSet columns(ReplicaRows rows, int[] of) {
    ColumnSet columns = new ColumnSet(of.length);
    for (int row : of) {
      columns.integer(rows.chunk(row)).integer(rows.worker(row)).bigint(rows.since(row));
      columns.bigint(rows.supersededAt(row)).bigint(rows.releasedAt(row));
      columns.bigint(rows.readableUntil(row)).bigint(rows.missingSince(row));
      columns.small(rows.flags(row)).endRow();
    }
    return columns;
  }

  /** Deletes rows and notes them as removed from slices by {@code assignment}. */
  static void delete(Writes to, ReplicaRows rows, long assignment) {
    for (int from = 0; from < rows.size(); from += ROWS_AT_ONCE) {
      int end = Math.min(rows.size(), from + ROWS_AT_ONCE);
      ColumnSet columns = new ColumnSet(end - from);
      for (int row = from; row < end; row++) {
        columns.integer(rows.chunk(row)).integer(rows.worker(row)).endRow();
      }
      Object[] pairs = columns.values();
      to.write(
          "WITH gone AS (DELETE FROM $.replica r USING unnest(?, ?) AS u (chunk, worker)"
              + " WHERE r.chunk = u.chunk AND r.worker = u.worker RETURNING r.*)"
              + " INSERT INTO $.slice_change (worker, assignment, number_lineage, number_counter,"
              + " chunk, since) SELECT g.worker, ?, c.number_lineage, c.number_counter, g.chunk,"
              + " g.since FROM gone g"
              + " JOIN $.chunk c ON c.position = g.chunk WHERE c.number_counter IS NOT NULL"
              + " ON CONFLICT DO NOTHING",
          pairs[0],
          pairs[1],
          assignment);
      to.took(columns);
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
