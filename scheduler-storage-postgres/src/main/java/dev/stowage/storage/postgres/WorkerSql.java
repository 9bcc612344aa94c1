package dev.stowage.storage.postgres;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.lifecycle.rows.PendingReport;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.model.WorkerVersion;
import dev.stowage.storage.postgres.sql.ColumnSet;
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
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The rows of table {@code worker}: what the leader committed, and what was reported since. */
final class WorkerSql {
  /** So many rows are worth a message more. */
  private static final int MANY = 16;

  /** So many unknown bytes are not written again for a report that leaves them as they are. */
  private static final int MANY_ORPHANS = 10_000;

  /** So many chunk numbers are as much as one message should have. */
  private static final long MOST_NUMBERS = 2_000_000;

  private static final String COLUMNS =
      "capacity_bytes, absent_since, incarnation, last_applied, published_incarnation,"
          + " inventory_report, last_report, last_seen_tick, position, status, absence, caught_up,"
          + " owes_inventory, heard, zone, version, labels, disk_id, orphans, pending, slice_sum,"
          + " marks_hash, departure, max_replicas";
  private static final String READ =
      "SELECT id, "
          + COLUMNS.replace(" labels,", " array_to_string(labels, E'\\n'),")
          + " FROM $.worker ";
  private static final String PUT =
      "INSERT INTO $.worker (id, ahead, "
          + COLUMNS
          + ") SELECT u.id, u.ahead, u.capacity_bytes, u.absent_since, u.incarnation,"
          + " u.last_applied, u.published_incarnation, u.inventory_report, u.last_report,"
          + " u.last_seen_tick, u.position, u.status, NULLIF(u.absence, -1), u.caught_up,"
          + " u.owes_inventory, u.heard, u.zone, u.version, string_to_array(u.labels, E'\\n'),"
          + " u.disk_id, u.orphans, u.pending, CASE WHEN NOT u.ahead THEN u.slice_sum END,"
          + " u.marks_hash, u.departure, NULLIF(u.max_replicas, 0)"
          + " FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
          + " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS u (id, ahead, "
          + COLUMNS
          + ") ON CONFLICT (id, ahead) DO UPDATE SET ("
          + COLUMNS
          + ") = (EXCLUDED.capacity_bytes, EXCLUDED.absent_since, EXCLUDED.incarnation,"
          + " EXCLUDED.last_applied, EXCLUDED.published_incarnation, EXCLUDED.inventory_report,"
          + " EXCLUDED.last_report, EXCLUDED.last_seen_tick, EXCLUDED.position, EXCLUDED.status,"
          + " EXCLUDED.absence, EXCLUDED.caught_up, EXCLUDED.owes_inventory, EXCLUDED.heard,"
          + " EXCLUDED.zone, EXCLUDED.version, EXCLUDED.labels, EXCLUDED.disk_id,"
          + " EXCLUDED.orphans, EXCLUDED.pending, EXCLUDED.slice_sum,"
          + " EXCLUDED.marks_hash, EXCLUDED.departure, EXCLUDED.max_replicas)";

  /** What reports and plans change in a row that the leader wrote before. */
  private static final String REPORTED =
      "UPDATE $.worker w SET last_applied = u.last_applied, last_report = u.last_report,"
          + " last_seen_tick = u.last_seen_tick, caught_up = u.caught_up, heard = u.heard,"
          + " pending = u.pending, slice_sum = u.slice_sum, marks_hash = u.marks_hash"
          + " FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?) AS u"
          + " (position, last_applied, last_report, last_seen_tick, caught_up, heard, pending,"
          + " slice_sum, marks_hash)"
          + " WHERE w.position = u.position AND NOT w.ahead";

  private WorkerSql() {}

  /** All rows of the leader, with what the parts of inventories found. */
  static List<WorkerRow> base(SqlTransaction transaction) {
    return InventoryPartSql.filled(
        transaction, transaction.list(READ + "WHERE NOT ahead ORDER BY position", WorkerSql::read));
  }

  /** What was reported and the leader has not taken in. */
  static List<WorkerRow> ahead(SqlTransaction transaction) {
    return transaction.list(READ + "WHERE ahead", WorkerSql::read);
  }

  /** A worker as the leader committed it. */
  static Optional<WorkerRow> base(SqlTransaction transaction, WorkerId worker) {
    return transaction.one(READ + "WHERE id = ? AND NOT ahead", WorkerSql::read, worker.value());
  }

  /** The same, once the batch was answered; nothing where there is no such worker. */
  static List<WorkerRow> askBase(SqlBatch batch, WorkerId worker) {
    return batch.ask(READ + "WHERE id = ? AND NOT ahead", WorkerSql::read, worker.value());
  }

  /**
   * The newest row of a worker, whoever wrote it, as far as a command of another process is decided
   * on it: without unknown bytes and what parts of inventories found, which may be very much.
   */
  static Optional<WorkerRow> newest(SqlTransaction transaction, WorkerId worker) {
    return transaction.one(
        READ.replace(" orphans,", " NULL::bytea AS orphans,")
            + "WHERE id = ? ORDER BY ahead DESC LIMIT 1",
        row -> read(row, WorkerRow::isMarkedButForOrphans),
        worker.value());
  }

  /** The newest rows of the workers at these positions; at the positions that the leader knows. */
  static List<WorkerRow> newestAt(SqlTransaction transaction, int[] positions) {
    return InventoryPartSql.filledWhereComplete(
        transaction,
        transaction.list(
            READ.replace("SELECT id,", "SELECT DISTINCT ON (id) id,")
                    .replace(
                        " position,",
                        " (SELECT b.position FROM $.worker b WHERE b.id = worker.id"
                            + " AND NOT b.ahead) AS position,")
                + "WHERE id IN (SELECT b.id FROM $.worker b"
                + " WHERE NOT b.ahead AND b.position = ANY (?)) ORDER BY id, ahead DESC",
            WorkerSql::read,
            positions));
  }

  /** Which workers at these positions registered another disk that the leader does not know yet. */
  static Set<Integer> withNewLife(SqlTransaction transaction, int[] positions) {
    return new TreeSet<>(
        transaction.list(
            "SELECT b.position FROM $.worker b JOIN $.worker a ON a.id = b.id AND a.ahead"
                + " WHERE NOT b.ahead AND a.incarnation > b.incarnation AND b.position = ANY (?)",
            row -> row.getInt(1),
            positions));
  }

  static void putBase(Writes to, Collection<WorkerRow> rows) {
    put(to, false, rows);
  }

  /**
   * Writes the leader's rows.
   *
   * @param reported of these only what reports change is new
   */
  static void putBase(Writes to, Collection<WorkerRow> rows, Set<WorkerId> reported) {
    boolean isLittle =
        reported.size() < MANY
            && rows.stream().noneMatch(row -> row.orphans().size() > MANY_ORPHANS);
    if (isLittle) {
      putBase(to, rows);
      return;
    }
    putBase(to, rows.stream().filter(row -> !reported.contains(row.id())).toList());
    List<WorkerRow> changed = rows.stream().filter(row -> reported.contains(row.id())).toList();
    for (List<WorkerRow> some : inMessages(changed)) {
      ColumnSet columns = new ColumnSet(some.size());
      for (WorkerRow row : some) {
        columns.integer(row.position()).bigint(row.lastApplied()).bigint(row.lastReport());
        columns.bigint(row.lastSeenTick()).flag(row.caughtUp()).flag(row.heard());
        columns
            .bytes(pending(row.pending()))
            .bigint(sliceSum(row))
            .bigint(row.marksHash())
            .endRow();
      }
      to.writeEach(REPORTED, columns, "workers that reported", "worker");
    }
  }

  /** Rows with many numbers go in messages of their own: what one takes has a bound. */
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

  /** Writes what was reported; of slices whoever writes it knows nothing. */
  static void putAhead(Writes to, Collection<WorkerRow> rows) {
    put(to, true, rows);
  }

  static void delete(Writes to, Collection<WorkerId> workers) {
    if (!workers.isEmpty()) {
      to.write(
          "DELETE FROM $.worker WHERE NOT ahead AND id = ANY (?)",
          (Object) workers.stream().map(WorkerId::value).toArray(String[]::new));
    }
  }

  /** Forgets what was reported, once the leader has taken all of it in. */
  static void settle(Writes to) {
    to.write(
        "DELETE FROM $.worker w WHERE ahead"
            + " AND NOT EXISTS (SELECT FROM $.news n WHERE n.worker = w.id)");
  }

  private static void put(Writes to, boolean ahead, Collection<WorkerRow> rows) {
    inMessages(rows).forEach(some -> putAtOnce(to, ahead, some));
  }

  private static void putAtOnce(Writes to, boolean ahead, List<WorkerRow> rows) {
    ColumnSet columns = new ColumnSet(rows.size());
    for (WorkerRow row : rows) {
      Worker said = row.description();
      WorkerStatus absence = row.absence();
      columns.text(row.id().value()).flag(ahead).bigint(said.capacityBytes());
      columns.bigint(row.absentSince()).bigint(row.incarnation().value());
      columns.bigint(row.lastApplied()).bigint(row.publishedIncarnation());
      columns.bigint(row.inventoryReport()).bigint(row.lastReport()).bigint(row.lastSeenTick());
      columns.integer(row.position()).small(said.status().ordinal());
      columns.small(absence == null ? -1 : absence.ordinal()).flag(row.caughtUp());
      columns.flag(row.owesInventory()).flag(row.heard()).text(said.zone());
      columns.text(said.version().toString()).text(TextForms.labels(said.labels()));
      columns.text(row.diskId()).bytes(orphans(row.orphans())).bytes(pending(row.pending()));
      columns.bigint(sliceSum(row)).bigint(row.marksHash());
      columns.small(row.departure().ordinal());
      columns.integer(said.isLimited() ? said.maxReplicas() : 0).endRow();
    }
    to.write(PUT, columns);
  }

  private static long sliceSum(WorkerRow row) {
    Long sum = row.sliceSum();
    return sum == null ? 0 : sum;
  }

  private static WorkerRow read(ResultSet from) throws SQLException {
    return read(from, WorkerRow::isMarked);
  }

  private static WorkerRow read(ResultSet from, BiPredicate<WorkerRow, Long> isMarked)
      throws SQLException {
    String id = from.getString("id");
    try {
      int limit = from.getInt("max_replicas");
      Worker said =
          new Worker(
              WorkerId.of(id),
              from.getLong("capacity_bytes"),
              from.getString("zone"),
              WorkerVersion.parse(from.getString("version")),
              TextForms.labels(from.getString("array_to_string")),
              WorkerStatus.values()[from.getInt("status")],
              limit == 0 ? Worker.UNLIMITED : limit);
      int absence = from.getInt("absence");
      WorkerRow row =
          new WorkerRow(
              from.getInt("position"),
              said,
              absence == 0 ? null : WorkerStatus.values()[absence],
              from.getLong("absent_since"),
              Incarnation.of(from.getLong("incarnation")),
              from.getString("disk_id"),
              from.getLong("last_applied"),
              from.getBoolean("caught_up"),
              from.getBoolean("owes_inventory"),
              from.getLong("published_incarnation"),
              from.getLong("inventory_report"),
              orphans(from.getBytes("orphans")),
              from.getObject("slice_sum", Long.class),
              from.getLong("last_report"),
              from.getLong("last_seen_tick"),
              from.getBoolean("heard"),
              pending(from.getBytes("pending")),
              WorkerRow.Departure.values()[from.getInt("departure")]);
      if (!isMarked.test(row, from.getLong("marks_hash"))) {
        throw new IllegalArgumentException(TextForms.MARKS_CHANGED);
      }
      return row;
    } catch (RuntimeException e) {
      throw StoredFleet.unreadableRow("worker " + id, e);
    }
  }

  /** This row at another place, where not all its replicas are. */
  static WorkerRow at(WorkerRow row, int position) {
    return with(row, position, null, row.pending());
  }

  /** This row with other reports that wait. */
  static WorkerRow with(WorkerRow row, List<PendingReport> pending) {
    return with(row, row.position(), row.sliceSum(), pending);
  }

  private static WorkerRow with(
      WorkerRow row, int position, @Nullable Long sliceSum, List<PendingReport> pending) {
    return new WorkerRow(
        position,
        row.description(),
        row.absence(),
        row.absentSince(),
        row.incarnation(),
        row.diskId(),
        row.lastApplied(),
        row.caughtUp(),
        row.owesInventory(),
        row.publishedIncarnation(),
        row.inventoryReport(),
        row.orphans(),
        sliceSum,
        row.lastReport(),
        row.lastSeenTick(),
        row.heard(),
        pending,
        row.departure());
  }

  private static byte @Nullable [] orphans(List<ChunkNumber> orphans) {
    return orphans.isEmpty()
        ? null
        : CommandCodec.writeNumbers(new CanonicalWriter(), orphans).toBytes();
  }

  private static List<ChunkNumber> orphans(byte @Nullable [] bytes) {
    if (bytes == null) {
      return List.of();
    }
    CanonicalReader in = CanonicalReader.of(bytes);
    List<ChunkNumber> orphans = CommandCodec.readNumbers(in);
    in.end();
    return orphans;
  }

  private static byte @Nullable [] pending(List<PendingReport> pending) {
    return pending.isEmpty()
        ? null
        : new CanonicalWriter()
            .list(
                pending,
                (to, report) ->
                    CommandCodec.writeNumbers(
                        to.u8(report.kind().ordinal())
                            .u64(report.number())
                            .u64(report.assignment()),
                        report.isPart() ? List.of() : report.chunks()))
            .toBytes();
  }

  private static List<PendingReport> pending(byte @Nullable [] bytes) {
    if (bytes == null) {
      return List.of();
    }
    CanonicalReader in = CanonicalReader.of(bytes);
    List<PendingReport> pending =
        in.list(from ->
            new PendingReport(
                PendingReport.Kind.values()[from.u8()],
                from.u64(),
                from.u64(),
                CommandCodec.readNumbers(from)));
    in.end();
    return pending;
  }
}
