package dev.stowage.storage.postgres;

import dev.stowage.evidence.numbers.NumbersForm;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.StorageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The numbers of inventory parts, apart from worker rows so that reports do not rewrite them. */
final class InventoryPartSql {
  private static final String INSERT =
      "INSERT INTO $.inventory_part (worker, incarnation, sending, place, numbers)"
          + " SELECT * FROM unnest(?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

  private InventoryPartSql() {}

  private record Key(String worker, long incarnation, long sending, int place)
      implements Comparable<Key> {
    static Key of(WorkerRow row, PendingReport part) {
      return new Key(row.id().value(), row.incarnation().value(), part.number(), part.place());
    }

    @Override
    public int compareTo(Key other) {
      int order = worker.compareTo(other.worker);
      order = order != 0 ? order : Long.compare(incarnation, other.incarnation);
      order = order != 0 ? order : Long.compare(sending, other.sending);
      return order != 0 ? order : Integer.compare(place, other.place);
    }
  }

  static List<String> askWorkers(SqlBatch batch) {
    return batch.ask(
        "SELECT DISTINCT worker FROM $.inventory_part", row -> String.valueOf(row.getString(1)));
  }

  private static void add(Writes to, Key key, List<ChunkNumber> numbers) {
    byte[] bytes = NumbersForm.ANY.toBytes(numbers);
    ColumnSet columns = new ColumnSet(1).text(key.worker()).bigint(key.incarnation());
    columns.bigint(key.sending()).integer(key.place()).bytes(bytes).endRow();
    to.write(INSERT, columns);
  }

  /** Inserts missing parts of the leader's rows; {@code known} workers had rows at the begin. */
  static void put(
      SqlTransaction transaction, Writes to, Collection<WorkerRow> rows, List<String> known) {
    List<WorkerRow> waiting =
        rows.stream()
            .filter(row -> row.pending().stream().anyMatch(PendingReport::isPart))
            .toList();
    if (waiting.isEmpty()) {
      return;
    }
    Set<Key> there = known.isEmpty() ? Set.of() : keys(transaction, waiting);
    for (WorkerRow row : waiting) {
      for (PendingReport report : row.pending()) {
        if (report.isPart() && !there.contains(Key.of(row, report))) {
          add(to, Key.of(row, report), report.chunks());
        }
      }
    }
  }

  private static Set<Key> keys(SqlTransaction transaction, List<WorkerRow> rows) {
    return new TreeSet<>(
        transaction.list(
            "SELECT worker, incarnation, sending, place FROM $.inventory_part"
                + " WHERE worker = ANY (?)",
            row -> new Key(row.getString(1), row.getLong(2), row.getLong(3), row.getInt(4)),
            (Object) rows.stream().map(row -> row.id().value()).toArray(String[]::new)));
  }

  /** Deletes parts of changed workers that no pending report needs. */
  static void settle(
      Writes to, Collection<WorkerRow> rows, Collection<WorkerId> removed, List<String> known) {
    for (WorkerRow row : rows) {
      if (known.contains(row.id().value())) {
        settle(to, row.id().value(), row);
      }
    }
    for (WorkerId gone : removed) {
      if (known.contains(gone.value())) {
        forget(to, gone.value());
      }
    }
  }

  private static void forget(Writes to, String worker) {
    to.write("DELETE FROM $.inventory_part WHERE worker = ?", worker);
  }

  private static void settle(Writes to, String worker, WorkerRow row) {
    List<PendingReport> parts = row.pending().stream().filter(PendingReport::isPart).toList();
    if (parts.isEmpty()) {
      forget(to, worker);
      return;
    }
    ColumnSet kept = new ColumnSet(parts.size());
    for (PendingReport part : parts) {
      kept.bigint(row.incarnation().value()).bigint(part.number()).integer(part.place()).endRow();
    }
    Object[] columns = kept.values();
    to.write(
        "DELETE FROM $.inventory_part p WHERE p.worker = ?"
            + " AND NOT EXISTS (SELECT FROM unnest(?, ?, ?) AS k (incarnation, sending, place)"
            + " WHERE k.incarnation = p.incarnation AND k.sending = p.sending"
            + " AND k.place = p.place)",
        worker,
        columns[0],
        columns[1],
        columns[2]);
  }

  static List<WorkerRow> filled(SqlTransaction from, List<WorkerRow> rows) {
    return filled(from, rows, report -> true);
  }

  static List<WorkerRow> filledWhereComplete(SqlTransaction from, List<WorkerRow> rows) {
    List<WorkerRow> filled = new ArrayList<>(rows.size());
    for (WorkerRow row : rows) {
      filled.addAll(filled(from, List.of(row), part -> isComplete(row, part)));
    }
    return filled;
  }

  private static boolean isComplete(WorkerRow row, PendingReport part) {
    return row.pending().stream().filter(other -> other.isPartOf(part.number())).count()
        == part.of();
  }

  private static List<WorkerRow> filled(
      SqlTransaction from, List<WorkerRow> rows, Predicate<PendingReport> isWanted) {
    Set<String> workers = new TreeSet<>();
    for (WorkerRow row : rows) {
      if (row.pending().stream().anyMatch(report -> report.isPart() && isWanted.test(report))) {
        workers.add(row.id().value());
      }
    }
    if (workers.isEmpty()) {
      return rows;
    }
    Map<Key, List<ChunkNumber>> numbers = new TreeMap<>();
    from.visit(
        "SELECT worker, incarnation, sending, place, numbers FROM $.inventory_part"
            + " WHERE worker = ANY (?)",
        row -> {
          Key key = new Key(row.getString(1), row.getLong(2), row.getLong(3), row.getInt(4));
          numbers.put(key, read(key, row.getBytes(5)));
        },
        (Object) workers.toArray(String[]::new));
    return rows.stream()
        .map(row -> workers.contains(row.id().value()) ? filled(row, numbers, isWanted) : row)
        .toList();
  }

  private static WorkerRow filled(
      WorkerRow row, Map<Key, List<ChunkNumber>> numbers, Predicate<PendingReport> isWanted) {
    List<PendingReport> pending = new ArrayList<>();
    for (PendingReport report : row.pending()) {
      if (report.isPart() && isWanted.test(report)) {
        List<ChunkNumber> found = numbers.get(Key.of(row, report));
        if (found == null) {
          throw corrupt(Key.of(row, report), "is missing", null);
        }
        pending.add(PendingReport.part(report.number(), report.place(), report.of(), found));
      } else {
        pending.add(report);
      }
    }
    return WorkerSql.with(row, pending);
  }

  private static List<ChunkNumber> read(Key key, byte[] numbers) {
    try {
      return NumbersForm.ANY.fromBytes(numbers);
    } catch (RuntimeException e) {
      throw corrupt(key, "cannot be read: " + StoredFleet.inWords(e), e);
    }
  }

  private static StorageException.Corrupt corrupt(Key key, String how, @Nullable Throwable cause) {
    return new StorageException.Corrupt(
        "the row of part "
            + key.place()
            + " of inventory "
            + key.sending()
            + " of worker "
            + key.worker()
            + " "
            + how
            + "; restore a backup",
        cause);
  }
}
