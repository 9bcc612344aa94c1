package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.ReplicaRows;
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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one worker must hold, read from the rows near to it. Where its replicas are says table
 * {@code slice_added}; what an assignment ended, table {@code slice_change}.
 */
final class SliceSql {
  /** Below every stamp. */
  private static final long ALL = -1;

  /** A worker with more rows of what was added has the older ones made into one. */
  private static final int MOST_ROWS = 64;

  /** So many are copied in; fewer go with other statements. */
  private static final int MANY = 64;

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

  /** Pairs that ended or were set back; of those that are there, the row as it is now. */
  private static final String CHANGES =
      "SELECT d.name, c.id, s.number_lineage, s.number_counter, c.size_bytes, r.since, s.since"
          + " FROM $.slice_change s"
          + " LEFT JOIN $.chunk c ON c.position = s.chunk"
          + " AND c.number_lineage = s.number_lineage AND c.number_counter = s.number_counter"
          + " LEFT JOIN $.dataset d ON d.id = c.dataset"
          + " LEFT JOIN $.replica r ON r.chunk = c.position AND r.worker = s.worker"
          + " WHERE s.worker = ? AND s.assignment > ?";

  private SliceSql() {}

  /** Notes that an assignment was minted; deltas are given from it from now on. */
  static void minted(Writes to, FleetRow fleet) {
    to.write(
        "INSERT INTO $.assignment (id, lineage, tick) VALUES (?, ?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET (lineage, tick) = (EXCLUDED.lineage, EXCLUDED.tick)",
        fleet.workerAssignment(),
        fleet.lineage().token(),
        fleet.largestTick());
  }

  /** Notes what was added, a row for each worker: so nobody needs to look at every replica. */
  static void added(Writes to, ReplicaRows rows, long newest, boolean isMinted) {
    AddedPairs pairs = AddedPairs.of(rows);
    if (pairs.isEmpty()) {
      return;
    }
    if (isMinted && pairs.chunks().length >= MANY) {
      to.copyIn(
          "COPY $.slice_added (until, worker, chunks) FROM STDIN (FORMAT binary)",
          out -> {
            for (int worker = 0; worker < pairs.workers(); worker++) {
              if (pairs.begin(worker) < pairs.begin(worker + 1)) {
                out.row(3).bigint(newest).integer(worker);
                out.integers(pairs.chunks(), pairs.begin(worker), pairs.begin(worker + 1));
              }
            }
          });
      return;
    }
    ColumnSet columns = new ColumnSet(pairs.chunks().length);
    for (int worker = 0; worker < pairs.workers(); worker++) {
      for (int at = pairs.begin(worker); at < pairs.begin(worker + 1); at++) {
        columns.integer(worker).integer(pairs.chunks()[at]).endRow();
      }
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

  /** Makes one row of the older ones of a worker that has many, without what is there no more. */
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

  /** A replica that no row of table {@code slice_added} names, if there is one. */
  static Optional<String> unnamedReplica(SqlTransaction from) {
    return from.one(
        "SELECT r.chunk, r.worker FROM $.replica r"
            + " EXCEPT SELECT unnest(a.chunks), a.worker FROM $.slice_added a LIMIT 1",
        row -> "chunk at position " + row.getInt(1) + ", worker at position " + row.getInt(2));
  }

  /** Forgets assignments from before a tick, but for the newest, and what changed up to them. */
  static int trim(SqlTransaction to, long beforeTick, int maxRows) {
    int trimmed =
        to.update(
            "DELETE FROM $.assignment WHERE id IN (SELECT id FROM $.assignment WHERE tick < ?"
                + " AND id < (SELECT max(id) FROM $.assignment) ORDER BY id LIMIT ?)",
            beforeTick,
            maxRows);
    merge(to);
    return trimmed
        + to.update(
            "DELETE FROM $.slice_change WHERE ctid = ANY (ARRAY(SELECT s.ctid"
                + " FROM $.slice_change s"
                + " WHERE s.assignment <= (SELECT min(id) FROM $.assignment) LIMIT ?))",
            maxRows - trimmed);
  }

  /** The whole slice; empty if the worker is unknown or has departed. */
  static Optional<SliceDocument> whole(SqlTransaction from, FleetRow fleet, WorkerId worker) {
    return WorkerSql.base(from, worker)
        .filter(SliceSql::isPresent)
        .map(holder -> document(from, fleet, holder));
  }

  /**
   * An assignment that a worker knows.
   *
   * @param lineage lost commits may have used its id
   * @param id its id
   */
  record Known(Lineage lineage, WorkerAssignmentId id) {}

  /**
   * What a delta is begun with, once the batch was answered.
   *
   * @param holder nothing if there is no such worker
   * @param kept nothing if no delta is given from that assignment
   */
  record Asked(Known known, List<WorkerRow> holder, List<Boolean> kept) {}

  /** Asks who the worker is, and whether deltas are given from what it knows. */
  static Asked ask(SqlBatch batch, WorkerId worker, Known known) {
    return new Asked(
        known,
        WorkerSql.askBase(batch, worker),
        batch.ask(
            "SELECT 1 FROM $.assignment WHERE id = ? AND lineage = ?",
            row -> true,
            known.id().value(),
            known.lineage().token()));
  }

  /** What changed in it since an assignment; all of it if that one is not kept. */
  static Optional<SliceDocument> since(SqlTransaction from, FleetRow fleet, Asked asked) {
    Optional<WorkerRow> holder = asked.holder().stream().findFirst().filter(SliceSql::isPresent);
    Known known = asked.known();
    boolean isKept = !asked.kept().isEmpty() && known.lineage().equals(fleet.lineage());
    if (holder.isEmpty() || !isKept) {
      return holder.map(row -> document(from, fleet, row));
    }
    int place = holder.get().position();
    long base = known.id().value();
    SortedMap<ChunkNumber, SliceEntry> put = new TreeMap<>(NUMBERS);
    SortedSet<ChunkNumber> removed = new TreeSet<>(NUMBERS);
    SqlBatch both = new SqlBatch();
    both.visit(ENTRIES, row -> put.put(number(row), entry(row)), place, base + 1, place, base);
    both.visit(
        CHANGES,
        row -> {
          ChunkNumber number = number(row);
          if (row.getString(6) != null) {
            put.put(number, entry(row));
          } else if (row.getLong(7) <= base) {
            removed.add(number);
          }
        },
        place,
        base);
    from.run(both);
    return Optional.of(
        document(fleet, holder.get(), Optional.of(known.id()), removed, put.values()));
  }

  private static boolean isPresent(WorkerRow worker) {
    return worker.absence() != WorkerStatus.DEPARTED;
  }

  private static SliceDocument document(SqlTransaction from, FleetRow fleet, WorkerRow holder) {
    SortedMap<ChunkNumber, SliceEntry> entries = new TreeMap<>(NUMBERS);
    int place = holder.position();
    from.visit(ENTRIES, row -> entries.put(number(row), entry(row)), place, ALL, place, ALL);
    return document(fleet, holder, Optional.empty(), List.of(), entries.values());
  }

  private static SliceDocument document(
      FleetRow fleet,
      WorkerRow holder,
      Optional<WorkerAssignmentId> from,
      Collection<ChunkNumber> removed,
      Collection<SliceEntry> put) {
    SortedSet<ChunkNumber> keep = new TreeSet<>(NUMBERS);
    keep.addAll(holder.orphans());
    return new SliceDocument(
        fleet.lineage(),
        WorkerAssignmentId.of(fleet.workerAssignment()),
        from,
        holder.id(),
        Incarnation.of(holder.publishedIncarnation()),
        fleet.obeyFromTick(),
        holder.inventoryReport(),
        holder.owesInventory(),
        List.copyOf(keep),
        List.copyOf(removed),
        new ArrayList<>(put));
  }

  private static ChunkNumber number(ResultSet row) throws SQLException {
    return new ChunkNumber(Lineage.of(row.getLong(3)), row.getLong(4));
  }

  private static SliceEntry entry(ResultSet row) throws SQLException {
    ChunkKey key = new ChunkKey(DatasetId.of(row.getString(1)), row.getString(2));
    return new SliceEntry(key, number(row), row.getLong(5), row.getLong(6));
  }
}
