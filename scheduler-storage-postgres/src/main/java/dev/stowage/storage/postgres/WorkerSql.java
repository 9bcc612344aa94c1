package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.RowColumns;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.TextForms;
import dev.stowage.storage.postgres.sql.Writes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The rows of table {@code worker}. */
final class WorkerSql {
  /** The fewest rows that are worth another message. */
  private static final int MANY = 16;

  /** The orphans above which a report does not rewrite them. */
  private static final int MANY_ORPHANS = 10_000;

  /** The most chunk numbers in one message. */
  private static final long MOST_NUMBERS = 2_000_000;

  private static final RowColumns<WorkerRow> COLUMNS = RowColumns.WORKERS;
  private static final RowColumns<WorkerRow> CHANGED = COLUMNS.only(WorkerRow.REPORTED);

  private static final String READ = "SELECT marks_hash, " + COLUMNS.selected() + " FROM $.worker ";

  private static final String BRIEF = READ.replace(" orphans,", " NULL::bytea,");

  private static final String PUT = COLUMNS.put("worker", "marks_hash");

  /** Updates the columns that reports and plans change. */
  private static final String REPORTED =
      CHANGED.update("worker", "at", "marks_hash") + " WHERE t.position = u.at";

  private WorkerSql() {}

  static List<WorkerRow> all(SqlTransaction transaction) {
    return InventoryPartSql.filled(
        transaction, transaction.list(READ + "ORDER BY position", WorkerSql::read));
  }

  static Optional<WorkerRow> one(SqlTransaction transaction, WorkerId worker) {
    return transaction.one(READ + "WHERE id = ?", WorkerSql::read, worker.value());
  }

  static List<WorkerRow> ask(SqlBatch batch, WorkerId worker) {
    return batch.ask(READ + "WHERE id = ?", WorkerSql::read, worker.value());
  }

  /** Returns the rows of known workers without orphans and part numbers, which may be many. */
  static List<WorkerRow> briefly(SqlTransaction transaction, Collection<WorkerId> workers) {
    return transaction.list(
        BRIEF + "WHERE id = ANY (?) ORDER BY id",
        row -> read(row, WorkerRow::isMarkedButForOrphans),
        (Object) workers.stream().map(WorkerId::value).toArray(String[]::new));
  }

  /** Returns the rows of all workers, as {@link #briefly(SqlTransaction, Collection)}. */
  static List<WorkerRow> briefly(SqlTransaction transaction) {
    return transaction.list(
        BRIEF + "ORDER BY id", row -> read(row, WorkerRow::isMarkedButForOrphans));
  }

  static List<WorkerRow> at(SqlTransaction transaction, int[] positions) {
    return InventoryPartSql.filledWhereComplete(
        transaction,
        transaction.list(
            READ + "WHERE position = ANY (?) ORDER BY id", WorkerSql::read, positions));
  }

  /** Writes rows; in those of {@code reported} only reported columns are new. */
  static void put(Writes to, Collection<WorkerRow> rows, Set<WorkerId> reported) {
    boolean isLittle =
        reported.size() < MANY
            && rows.stream().noneMatch(row -> row.orphans().size() > MANY_ORPHANS);
    if (isLittle) {
      put(to, rows);
      return;
    }
    put(to, rows.stream().filter(row -> !reported.contains(row.id())).toList());
    List<WorkerRow> changed = rows.stream().filter(row -> reported.contains(row.id())).toList();
    for (List<WorkerRow> some : inMessages(changed)) {
      ColumnSet reports =
          ColumnSet.of(
              some,
              (columns, row) ->
                  CHANGED.bind(
                      summed(row), columns.integer(row.position()).bigint(row.marksHash())));
      to.writeEach(REPORTED, reports, "workers that reported", "worker");
    }
  }

  /** Splits rows into messages of bounded size. */
  private static List<List<WorkerRow>> inMessages(Collection<WorkerRow> rows) {
    List<List<WorkerRow>> messages = new ArrayList<>();
    long numbers = 0;
    for (WorkerRow row : rows) {
      long more = row.orphans().size();
      for (PendingReport report : row.pending()) {
        more += report.isPart() ? 0 : report.chunks().size();
      }
      if (messages.isEmpty() || numbers + more > MOST_NUMBERS) {
        messages.add(new ArrayList<>());
        numbers = 0;
      }
      messages.get(messages.size() - 1).add(row);
      numbers += more;
    }
    return messages;
  }

  static void delete(Writes to, Collection<WorkerId> workers) {
    if (!workers.isEmpty()) {
      to.write(
          "DELETE FROM $.worker WHERE id = ANY (?)",
          (Object) workers.stream().map(WorkerId::value).toArray(String[]::new));
    }
  }

  private static void put(Writes to, Collection<WorkerRow> rows) {
    for (List<WorkerRow> some : inMessages(rows)) {
      to.write(
          PUT,
          ColumnSet.of(
              some, (columns, row) -> COLUMNS.bind(summed(row), columns.bigint(row.marksHash()))));
    }
  }

  private static WorkerRow summed(WorkerRow row) {
    return row.sliceSum() == null ? with(row, WorkerRow.SLICE_SUM, 0L) : row;
  }

  private static WorkerRow read(ResultSet from) throws SQLException {
    return read(from, WorkerRow::isMarked);
  }

  private static WorkerRow read(ResultSet from, BiPredicate<WorkerRow, Long> isMarked)
      throws SQLException {
    try {
      WorkerRow row = COLUMNS.read(from, 2);
      if (!isMarked.test(row, from.getLong(1))) {
        throw new IllegalArgumentException(TextForms.MARKS_CHANGED);
      }
      return row;
    } catch (RuntimeException e) {
      throw StoredFleet.unreadableRow("worker " + from.getString("id"), e);
    }
  }

  /** Returns the row at another position, without its checksum, which needs all its replicas. */
  static WorkerRow at(WorkerRow row, int position) {
    return with(
        Shape.of(WorkerRow.class).with(row, WorkerRow.POSITION, position),
        WorkerRow.SLICE_SUM,
        null);
  }

  static WorkerRow with(WorkerRow row, List<PendingReport> pending) {
    return with(row, WorkerRow.PENDING, pending);
  }

  private static <V> WorkerRow with(
      WorkerRow row, ValueField<WorkerRow, V> field, @Nullable V value) {
    return Shape.of(WorkerRow.class).with(row, field, value);
  }
}
