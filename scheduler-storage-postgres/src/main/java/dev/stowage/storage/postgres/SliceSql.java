package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.SliceHeader;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.ReplicaRows;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
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

  /** Asks whether the newest assignment of the leader's row is the last that was minted. */
  static List<Boolean> askMinted(SqlBatch batch) {
    return batch.ask(
        "SELECT f.worker_assignment = (SELECT max(a.id) FROM $.assignment a) FROM $.fleet f"
            + " WHERE NOT f.ahead",
        row -> row.getBoolean(1));
  }

  /** Workers never go back: one that took an id that was not minted would take no other again. */
  static void requireMinted(List<Boolean> isMinted, FleetRow fleet) {
    if (!isMinted.equals(List.of(true))) {
      throw new StorageException.Corrupt(
          "table assignment does not end with worker assignment "
              + fleet.workerAssignment()
              + ", and nothing is served of it: run audit, then restore a backup",
          null);
    }
  }

  /** Notes what was added, a row for each worker: so nobody needs to look at every replica. */
  static void added(Writes to, ReplicaRows rows, long newest, boolean isMinted) {
    AddedPairs pairs = AddedPairs.of(rows);
    if (pairs.isEmpty()) {
      return;
    }
    if (isMinted && pairs.chunks().length >= MANY) {
      // A row that a hand put there would be in the way: what it names is looked for all the same.
      to.write(
          "WITH moved AS (DELETE FROM $.slice_added WHERE until >= ? RETURNING worker, chunks)"
              + " INSERT INTO $.slice_added AS s (until, worker, chunks)"
              + " SELECT ?, m.worker, array_agg(u.chunk) FROM moved m"
              + " CROSS JOIN LATERAL unnest(m.chunks) AS u (chunk) GROUP BY m.worker"
              + " ON CONFLICT (worker, until) DO UPDATE SET chunks = s.chunks || EXCLUDED.chunks",
          newest,
          newest - 1);
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

  /** Forgets assignments from before a tick, but for the newest, and what changed up to them. */
  static int trim(SqlTransaction to, long beforeTick, int maxRows) {
    int trimmed =
        to.update(
            "DELETE FROM $.assignment WHERE id IN (SELECT id FROM $.assignment WHERE tick < ?"
                + " AND id < (SELECT max(id) FROM $.assignment) ORDER BY id LIMIT ?)",
            beforeTick,
            maxRows);
    merge(to);
    trimmed += SliceSums.trim(to, maxRows - trimmed);
    return trimmed
        + to.update(
            "DELETE FROM $.slice_change WHERE ctid = ANY (ARRAY(SELECT s.ctid"
                + " FROM $.slice_change s"
                + " WHERE s.assignment <= (SELECT min(id) FROM $.assignment) LIMIT ?))",
            maxRows - trimmed);
  }

  /** The whole slice; empty if the worker is unknown or has departed. */
  static Optional<SliceDocument> whole(SqlTransaction from, FleetSql.Base fleet, WorkerId worker) {
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
   * @param sums the checksum of the slice as of that assignment; nothing where it is not kept
   */
  record Asked(Known known, List<WorkerRow> holder, List<Boolean> kept, List<SliceSums.At> sums) {
    /** The checksum that a delta starts from; empty where none can be given, or none is kept. */
    Optional<Long> base() {
      return sums.stream().filter(at -> at.isOf(holder.get(0))).map(SliceSums.At::sum).findFirst();
    }
  }

  /** Asks who the worker is, and whether deltas are given from what it knows. */
  static Asked ask(SqlBatch batch, WorkerId worker, Known known) {
    return new Asked(
        known,
        WorkerSql.askBase(batch, worker),
        batch.ask(
            "SELECT 1 FROM $.assignment WHERE id = ? AND lineage = ?",
            row -> true,
            known.id().value(),
            known.lineage().token()),
        SliceSums.ask(batch, worker, known.id().value()));
  }

  /** What changed in it since an assignment; all of it if that one is not kept. */
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

  /** What came to a slice and what went from it since an assignment. */
  private static final class Changes {
    private final SortedMap<ChunkNumber, SliceEntry> put = new TreeMap<>(NUMBERS);
    private final SortedSet<ChunkNumber> removed = new TreeSet<>(NUMBERS);

    /** What the slice named then and names no more, or not so, as a checksum. */
    private long gone;

    /** Whether of all that went it is known what it was: not where its chunk was purged since. */
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
        SliceHeader.of(
            fleet.lineage(),
            WorkerAssignmentId.of(fleet.workerAssignment()),
            fleet.obeyFromTick(),
            holder);
    return SliceDocument.sorted(header.since(from), holder.orphans(), removed, put);
  }

  private static ChunkNumber number(ResultSet row) throws SQLException {
    return new ChunkNumber(Lineage.of(row.getLong(3)), row.getLong(4));
  }

  private static SliceEntry entry(ResultSet row) throws SQLException {
    ChunkKey key = new ChunkKey(DatasetId.of(row.getString(1)), row.getString(2));
    return new SliceEntry(key, number(row), row.getLong(5), row.getLong(6));
  }
}
