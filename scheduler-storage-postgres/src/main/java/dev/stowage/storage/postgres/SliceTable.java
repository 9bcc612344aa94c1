package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.FleetRow;
import dev.stowage.lifecycle.SliceDocument;
import dev.stowage.lifecycle.SliceEntry;
import dev.stowage.lifecycle.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
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
 * What one worker must hold, read from the rows near to it. What an assignment added is found by
 * its {@code since}; what it ended, in table {@code slice_change}.
 */
final class SliceTable {
  /** Below every stamp. */
  private static final long ALL = -1;

  private static final Comparator<ChunkNumber> NUMBERS =
      Comparator.comparing((ChunkNumber number) -> number.lineage().token(), Long::compareUnsigned)
          .thenComparingLong(ChunkNumber::counter);
  private static final String ENTRIES =
      "SELECT d.name, c.id, c.number_lineage, c.number_counter, c.size_bytes, r.since"
          + " FROM $.replica r JOIN $.chunk c ON c.position = r.chunk"
          + " JOIN $.dataset d ON d.id = c.dataset WHERE r.worker = ? AND r.since > ?";

  /** Pairs that ended or were set back; of those that are there, the row as it is now. */
  private static final String CHANGES =
      "SELECT d.name, c.id, s.number_lineage, s.number_counter, c.size_bytes, r.since, s.since"
          + " FROM $.slice_change s"
          + " LEFT JOIN $.chunk c ON c.position = s.chunk"
          + " AND c.number_lineage = s.number_lineage AND c.number_counter = s.number_counter"
          + " LEFT JOIN $.dataset d ON d.id = c.dataset"
          + " LEFT JOIN $.replica r ON r.chunk = c.position AND r.worker = s.worker"
          + " WHERE s.worker = ? AND s.assignment > ?";

  private SliceTable() {}

  /** Notes that an assignment was minted; deltas are given from it from now on. */
  static void minted(SqlTransaction to, FleetRow fleet) {
    to.update(
        "INSERT INTO $.assignment (id, lineage, tick) VALUES (?, ?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET (lineage, tick) = (EXCLUDED.lineage, EXCLUDED.tick)",
        fleet.workerAssignment(),
        fleet.lineage().token(),
        fleet.largestTick());
  }

  /** Forgets assignments from before a tick, but for the newest, and what changed up to them. */
  static int trim(SqlTransaction to, long beforeTick, int maxRows) {
    int trimmed =
        to.update(
            "DELETE FROM $.assignment WHERE id IN (SELECT id FROM $.assignment WHERE tick < ?"
                + " AND id < (SELECT max(id) FROM $.assignment) ORDER BY id LIMIT ?)",
            beforeTick,
            maxRows);
    return trimmed
        + to.update(
            "DELETE FROM $.slice_change WHERE ctid = ANY (ARRAY(SELECT s.ctid"
                + " FROM $.slice_change s"
                + " WHERE s.assignment <= (SELECT min(id) FROM $.assignment) LIMIT ?))",
            maxRows - trimmed);
  }

  /** The whole slice; empty if the worker is unknown or has departed. */
  static Optional<SliceDocument> whole(SqlTransaction from, FleetRow fleet, WorkerId worker) {
    return WorkerTable.base(from, worker)
        .filter(SliceTable::isPresent)
        .map(holder -> document(from, fleet, holder));
  }

  /** What changed in it since an assignment; all of it if that one is not kept. */
  static Optional<SliceDocument> since(
      SqlTransaction from, FleetRow fleet, WorkerId worker, Known known) {
    Optional<WorkerRow> holder = WorkerTable.base(from, worker).filter(SliceTable::isPresent);
    if (holder.isEmpty() || !isKept(from, fleet, known)) {
      return holder.map(row -> document(from, fleet, row));
    }
    int place = holder.get().position();
    long base = known.id().value();
    SortedMap<ChunkNumber, SliceEntry> put = new TreeMap<>(NUMBERS);
    SortedSet<ChunkNumber> removed = new TreeSet<>(NUMBERS);
    from.visit(ENTRIES, row -> put.put(number(row), entry(row)), place, base);
    from.visit(
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
    return Optional.of(
        document(fleet, holder.get(), Optional.of(known.id()), removed, put.values()));
  }

  /**
   * An assignment that a worker knows.
   *
   * @param lineage lost commits may have used its id
   * @param id its id
   */
  record Known(Lineage lineage, WorkerAssignmentId id) {}

  private static boolean isKept(SqlTransaction from, FleetRow fleet, Known known) {
    return known.lineage().equals(fleet.lineage())
        && from.one(
                "SELECT 1 FROM $.assignment WHERE id = ? AND lineage = ?",
                row -> true,
                known.id().value(),
                known.lineage().token())
            .isPresent();
  }

  private static boolean isPresent(WorkerRow worker) {
    return worker.absence() != WorkerStatus.DEPARTED;
  }

  private static SliceDocument document(SqlTransaction from, FleetRow fleet, WorkerRow holder) {
    SortedMap<ChunkNumber, SliceEntry> entries = new TreeMap<>(NUMBERS);
    from.visit(ENTRIES, row -> entries.put(number(row), entry(row)), holder.position(), ALL);
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
