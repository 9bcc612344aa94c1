package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.StorageException;
import java.util.Collection;
import java.util.List;

/** The checksums of slices by worker and assignment, which check a delta at its own cost. */
final class SliceSums {
  private SliceSums() {}

  /** A checksum as of an assignment; no delta spans two inventories. */
  record At(long sum, long inventoryReport) {
    boolean isOf(WorkerRow worker) {
      return inventoryReport == worker.inventoryReport();
    }
  }

  static void put(Writes to, Collection<WorkerRow> changed, long newest) {
    if (changed.isEmpty()) {
      return;
    }
    ColumnSet columns = new ColumnSet(changed.size());
    for (WorkerRow row : changed) {
      Long sum = row.sliceSum();
      columns.integer(row.position()).bigint(sum == null ? 0 : sum);
      columns.bigint(row.inventoryReport()).endRow();
    }
    Object[] values = columns.values();
    to.write(
        "INSERT INTO $.slice_sum (worker, assignment, sum, inventory_report)"
            + " SELECT u.worker, ?, u.sum, u.report FROM unnest(?, ?, ?) AS u (worker, sum, report)"
            + " ON CONFLICT (worker, assignment) DO UPDATE"
            + " SET (sum, inventory_report) = (EXCLUDED.sum, EXCLUDED.inventory_report)",
        newest,
        values[0],
        values[1],
        values[2]);
    to.took(columns);
  }

  /** Deletes workers' checksums, because positions are reused. Must run before their rows go. */
  static void delete(Writes to, Collection<WorkerId> workers) {
    if (!workers.isEmpty()) {
      to.write(
          "DELETE FROM $.slice_sum WHERE worker IN"
              + " (SELECT w.position FROM $.worker w WHERE w.id = ANY (?))",
          (Object) workers.stream().map(WorkerId::value).toArray(String[]::new));
    }
  }

  /**
   * Deletes rows older than the newest row up to the oldest kept assignment. Reads them and two
   * rows of each worker.
   */
  static int trim(SqlTransaction to, int maxRows) {
    return to.update(
        "DELETE FROM $.slice_sum WHERE ctid = ANY (ARRAY(SELECT s.ctid FROM $.worker w"
            + " CROSS JOIN LATERAL (SELECT o.ctid FROM $.slice_sum o WHERE o.worker = w.position"
            + " AND o.assignment < (SELECT max(n.assignment) FROM $.slice_sum n"
            + " WHERE n.worker = w.position AND n.assignment <= (SELECT min(id) FROM"
            + " $.assignment)) ORDER BY o.assignment) s LIMIT ?))",
        maxRows);
  }

  /** Asks for the checksum as of an assignment. */
  static List<At> ask(SqlBatch batch, WorkerId worker, long assignment) {
    return batch.ask(
        "SELECT s.sum, s.inventory_report FROM $.slice_sum s WHERE s.worker ="
            + " (SELECT w.position FROM $.worker w WHERE w.id = ?)"
            + " AND s.assignment <= ? ORDER BY s.assignment DESC LIMIT 1",
        row -> new At(row.getLong(1), row.getLong(2)),
        worker.value(),
        assignment);
  }

  static long of(FleetRow fleet, SliceEntry entry) {
    return entry.checksum(placeOf(fleet, entry.number().lineage()));
  }

  static long of(FleetRow fleet, Collection<SliceEntry> entries) {
    long sum = 0;
    for (SliceEntry entry : entries) {
      sum += of(fleet, entry);
    }
    return sum;
  }

  private static int placeOf(FleetRow fleet, Lineage lineage) {
    List<FleetRow.LineageRow> all = fleet.lineages();
    for (int place = 0; place < all.size(); place++) {
      if (all.get(place).token().equals(lineage)) {
        return place;
      }
    }
    return -1;
  }

  /** Returns the checksum in a worker's row; throws {@code Corrupt} if there is none. */
  static long kept(WorkerRow worker) {
    Long sum = worker.sliceSum();
    if (sum == null) {
      throw new StorageException.Corrupt(
          "the row of worker "
              + worker.id()
              + " has no checksum of its slice; some row was changed by hand: restore a backup",
          null);
    }
    return sum;
  }

  /** Throws {@code Corrupt} for a wrong sum: the worker would delete replicas that it must hold. */
  static void require(long expected, long found, WorkerId worker) {
    if (expected != found) {
      throw new StorageException.Corrupt(
          "the slice of worker "
              + worker
              + " has checksum "
              + Long.toHexString(found)
              + ", the row of the worker has "
              + Long.toHexString(expected)
              + "; some row was changed by hand, and nothing is served to it: run audit, then"
              + " restore a backup",
          null);
    }
  }
}
