package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceDocument.SliceHeader;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Reads slices by {@code slice_added} and their ended replicas by {@code slice_change}. */
final class SliceSql {
  /** A stamp below every other. */
  private static final long ALL = -1;

  /** The most rows of {@code slice_added} per worker before older ones are merged. */
  private static final int MOST_ROWS = 64;

  private static final int ROWS_APART = 16;
  private static final int WORKERS_AT_ONCE = 1_000;

  private static final Comparator<ChunkNumber> NUMBERS =
      Comparator.comparing((ChunkNumber number) -> number.lineage().token(), Long::compareUnsigned)
          .thenComparingLong(ChunkNumber::counter);
  private static final String ENTRIES =
      "SELECT d.name, c.id, c.number_lineage, c.number_counter, c.size_bytes, r.since"
          + " FROM (SELECT DISTINCT unnest(a.chunks) AS chunk FROM $.slice_added a"
          + " WHERE a.worker = ? AND a.until >= ?) n"
          + " JOIN $.replica r ON r.chunk = n.chunk AND r.worker = ? AND r.since > ?"
          + " JOIN $.chunk c ON c.position = r.chunk JOIN $.dataset d ON d.id = c.dataset";

  /** Selects pairs that ended or were set back, with the present row of those that exist. */
  private static final String CHANGES =
      "SELECT d.name, c.id, s.number_lineage, s.number_counter, c.size_bytes, r.since, s.since"
          + " FROM $.slice_change s"
          + " LEFT JOIN $.chunk c ON c.position = s.chunk"
          + " AND c.number_lineage = s.number_lineage AND c.number_counter = s.number_counter"
          + " LEFT JOIN $.dataset d ON d.id = c.dataset"
          + " LEFT JOIN $.replica r ON r.chunk = c.position AND r.worker = s.worker"
          + " WHERE s.worker = ? AND s.assignment > ?";

  private SliceSql() {}

  static void minted(Writes to, FleetRow fleet) {
    to.write(
        "INSERT INTO $.assignment (id, lineage, tick) VALUES (?, ?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET (lineage, tick) = (EXCLUDED.lineage, EXCLUDED.tick)",
        fleet.workerAssignment(),
        fleet.lineage().token(),
        fleet.largestTick());
  }

  /** Asks whether the newest assignment of the leader's row is the last minted one. */
  static List<Boolean> askMinted(SqlBatch batch) {
    return batch.ask(
        "SELECT f.worker_assignment = (SELECT max(a.id) FROM $.assignment a) FROM $.fleet f",
        row -> row.getBoolean(1));
  }

  /** Throws {@code Corrupt} for an unminted id, because workers never go back to a smaller one. */
  static void requireMinted(List<Boolean> isMinted, FleetRow fleet) {
    if (!isMinted.equals(List.of(true))) {
      throw new StorageException.Corrupt(
          "table assignment does not end with worker assignment "
              + fleet.workerAssignment()
              + ", and nothing is served from it: run audit, then restore a backup",
          null);
    }
  }

  /** Notes new replicas, a row per worker, so that no read scans all replicas. */
  static void added(Writes to, ReplicaRows rows, long newest) {
    int[] fresh = IntStream.range(0, rows.size()).filter(rows::isFresh).toArray();
    if (fresh.length == 0) {
      return;
    }
    ColumnSet columns = new ColumnSet(fresh.length);
    for (int row : fresh) {
      columns.integer(rows.worker(row)).integer(rows.chunk(row)).endRow();
    }
    Object[] values = columns.values();
    to.write(
        "INSERT INTO $.slice_added AS s (until, worker, chunks)"
            + " SELECT ?, u.worker, array_agg(u.chunk) FROM unnest(?, ?) AS u (worker, chunk)"
            + " GROUP BY u.worker ON CONFLICT (worker, until) DO UPDATE"
            + " SET chunks = s.chunks || EXCLUDED.chunks",
        newest,
        values[0],
        values[1]);
    to.took(columns);
  }

  /** Merges older rows of workers with many rows, dropping replicas that are gone. */
  private static void merge(SqlTransaction to) {
    to.update(
        "WITH due AS (SELECT worker FROM $.slice_added GROUP BY worker HAVING count(*) > "
            + MOST_ROWS
            + " LIMIT "
            + WORKERS_AT_ONCE
            + "), cut AS (SELECT d.worker, (SELECT a.until FROM $.slice_added a"
            + " WHERE a.worker = d.worker ORDER BY a.until DESC OFFSET "
            + ROWS_APART
            + " LIMIT 1) AS until FROM due d), gone AS (DELETE FROM $.slice_added a USING cut c"
            + " WHERE a.worker = c.worker AND a.until <= c.until"
            + " RETURNING a.worker, c.until, a.chunks)"
            + " INSERT INTO $.slice_added (until, worker, chunks)"
            + " SELECT g.until, g.worker, array_agg(DISTINCT r.chunk)"
            + " FROM (SELECT until, worker, unnest(chunks) AS chunk FROM gone) g"
            + " JOIN $.replica r ON r.chunk = g.chunk AND r.worker = g.worker"
            + " GROUP BY g.until, g.worker");
  }

  /** Deletes assignments before a tick except the newest, and the changes up to them. */
  static int trim(SqlTransaction to, long beforeTick, int maxRows) {
    int trimmed = HistorySql.trimAssignments(to, "$.assignment", beforeTick, maxRows);
    merge(to);
    trimmed += SliceSums.trim(to, maxRows - trimmed);
    return trimmed
        + to.update(
            "DELETE FROM $.slice_change WHERE ctid = ANY (ARRAY(SELECT s.ctid"
                + " FROM $.slice_change s"
                + " WHERE s.assignment <= (SELECT min(id) FROM $.assignment) LIMIT ?))",
            maxRows - trimmed);
  }

  /** Returns the full slice; empty if the worker is unknown or has departed. */
  static Optional<SliceDocument> whole(SqlTransaction from, FleetSql.Base fleet, WorkerId worker) {
    return WorkerSql.one(from, worker)
        .filter(SliceSql::isPresent)
        .map(holder -> document(from, fleet, holder));
  }

  record Known(Lineage lineage, WorkerAssignmentId id) {}

  record Asked(Known known, List<WorkerRow> holder, List<Boolean> kept, List<SliceSums.At> sums) {
    /** Returns the checksum that a delta starts from; empty if none is kept. */
    Optional<Long> base() {
      return sums.stream().filter(at -> at.isOf(holder.get(0))).map(SliceSums.At::sum).findFirst();
    }
  }

  static Asked ask(SqlBatch batch, WorkerId worker, Known known) {
    return new Asked(
        known,
        WorkerSql.ask(batch, worker),
        batch.ask(
            "SELECT 1 FROM $.assignment WHERE id = ? AND lineage = ?",
            row -> true,
            known.id().value(),
            known.lineage().token()),
        SliceSums.ask(batch, worker, known.id().value()));
  }

  /** Returns the changes since an assignment, or the full slice if it is not kept. */
  static Optional<SliceDocument> since(SqlTransaction from, FleetSql.Base base, Asked asked) {
    Optional<WorkerRow> holder = asked.holder().stream().findFirst().filter(SliceSql::isPresent);
    if (holder.isEmpty()) {
      return Optional.empty();
    }
    FleetRow fleet = base.row();
    WorkerRow worker = holder.get();
    Known known = asked.known();
    long expected = SliceSums.kept(worker);
    boolean isKept = !asked.kept().isEmpty() && known.lineage().equals(fleet.lineage());
    if (!isKept || asked.base().isEmpty()) {
      return Optional.of(document(from, base, worker));
    }
    Changes changes = Changes.read(from, fleet, worker.position(), known.id().value());
    if (!changes.isComplete) {
      return Optional.of(document(from, base, worker));
    }
    long found = asked.base().get() - changes.gone + SliceSums.of(fleet, changes.put.values());
    SliceSums.require(expected, found, worker.id());
    return Optional.of(
        document(fleet, worker, Optional.of(known.id()), changes.removed, changes.put.values()));
  }

  private static final class Changes {
    private final SortedMap<ChunkNumber, SliceEntry> put = new TreeMap<>(NUMBERS);
    private final SortedSet<ChunkNumber> removed = new TreeSet<>(NUMBERS);

    /** The sum of the entries that the slice no longer names, or names with another stamp. */
    private long gone;

    /** False if a removed chunk was purged, which leaves its entry unknown. */
    private boolean isComplete = true;

    static Changes read(SqlTransaction from, FleetRow fleet, int place, long base) {
      Changes changes = new Changes();
      SqlBatch both = new SqlBatch();
      both.visit(
          ENTRIES, row -> changes.put.put(number(row), entry(row)), place, base + 1, place, base);
      both.visit(CHANGES, row -> changes.take(row, fleet, base), place, base);
      from.run(both);
      return changes;
    }

    private void take(ResultSet row, FleetRow fleet, long base) throws SQLException {
      ChunkNumber number = number(row);
      if (row.getString(6) != null) {
        put.put(number, entry(row));
      } else if (row.getLong(7) <= base) {
        removed.add(number);
      }
      if (row.getLong(7) > base) {
        return;
      }
      if (row.getString(1) == null) {
        isComplete = false;
        return;
      }
      SliceEntry there = entry(row);
      gone +=
          SliceSums.of(
              fleet, new SliceEntry(there.key(), number, there.sizeBytes(), row.getLong(7)));
    }
  }

  private static boolean isPresent(WorkerRow worker) {
    return worker.absence() != WorkerStatus.DEPARTED;
  }

  private static SliceDocument document(SqlTransaction from, FleetSql.Base base, WorkerRow holder) {
    FleetRow fleet = base.row();
    SortedMap<ChunkNumber, SliceEntry> entries = new TreeMap<>(NUMBERS);
    int place = holder.position();
    from.visit(ENTRIES, row -> entries.put(number(row), entry(row)), place, ALL, place, ALL);
    SliceSums.require(SliceSums.kept(holder), SliceSums.of(fleet, entries.values()), holder.id());
    return document(fleet, holder, Optional.empty(), List.of(), entries.values());
  }

  private static SliceDocument document(
      FleetRow fleet,
      WorkerRow holder,
      Optional<WorkerAssignmentId> from,
      Collection<ChunkNumber> removed,
      Collection<SliceEntry> put) {
    SliceHeader header =
        new SliceHeader(
            fleet.lineage(),
            WorkerAssignmentId.of(fleet.workerAssignment()),
            from,
            holder.id(),
            Incarnation.of(holder.publishedIncarnation()),
            fleet.deleteFromTick(),
            holder.inventoryReport(),
            holder.owesInventory());
    return SliceDocument.sorted(header, holder.orphans(), removed, put);
  }

  private static ChunkNumber number(ResultSet row) throws SQLException {
    return new ChunkNumber(Lineage.of(row.getLong(3)), row.getLong(4));
  }

  private static SliceEntry entry(ResultSet row) throws SQLException {
    ChunkKey key = new ChunkKey(DatasetId.of(row.getString(1)), row.getString(2));
    return new SliceEntry(key, number(row), row.getLong(5), row.getLong(6));
  }
}
