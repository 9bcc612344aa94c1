package dev.stowage.lifecycle.state;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import java.util.ArrayList;
import java.util.List;

public final class RowLoader {
  private RowLoader() {}

  private static void put(Tables tables, ChangeSet rows) {
    tables.work.feeder = null;
    for (WorkerRow row : rows.workers()) {
      boolean isRezoned =
          tables.workers.exists(row.position())
              && !tables.workers.entry(row.position()).zoneInRoutes().equals(row.zoneInRoutes());
      tables.workers.put(row);
      tables.reindexWorker(row.position());
      if (isRezoned) {
        tables.forEachNamed(row.position(), tables.work.routes::add);
      }
    }
    for (ChunkRow row : rows.chunks()) {
      putChunk(tables, row);
    }
    for (SwapRow row : rows.swaps()) {
      tables.swaps.put(row, tables.chunks);
    }
    putReplicas(tables, rows.replicas());
    for (WorkerRow row : rows.workers()) {
      requireSum(tables, row);
    }
  }

  private static void requireSum(Tables tables, WorkerRow row) {
    Long sum = row.sliceSum();
    long found = tables.workers.sliceSum(row.position());
    if (sum != null && sum != found) {
      throw new IllegalStateException(
          "the slice of worker "
              + row.id()
              + " adds up to "
              + Long.toHexString(found)
              + ", but its row holds "
              + Long.toHexString(sum));
    }
  }

  public static void apply(Tables tables, ChangeSet changes) {
    tables.planVersion++;
    ReplicaRows gone = changes.removedReplicas();
    for (int row = 0; row < gone.size(); row++) {
      int slot = tables.replicas.find(gone.chunk(row), gone.worker(row), tables.chunks);
      tables.touch(gone.chunk(row));
      tables.work.pairs.add(gone.chunk(row), gone.worker(row));
      tables.replicas.unlink(slot, tables.chunks, tables.workers);
      tables.replicas.free(slot);
    }
    for (SwapRow row : changes.removedSwaps()) {
      tables.swaps.remove(row.id(), tables.chunks);
    }
    for (ChunkRow row : changes.removedChunks()) {
      if (tables.waits(row.position())) {
        tables.waiting(row.position(), -1);
      }
      tables.swaps.forget(row.position());
      tables.chunks.remove(row.position());
    }
    for (WorkerRow row : changes.removedWorkers()) {
      tables.workers.remove(row.position());
    }
    changes.fleet().ifPresent(row -> follow(tables, row));
    put(tables, changes);
    tables.digest = changes.digestAfter();
  }

  public static ChangeSet.Parts rows(Tables tables) {
    List<ChunkRow> chunks = new ArrayList<>();
    ReplicaRows.Builder replicas = ReplicaRows.builder(tables.replicas.count());
    tables.chunks.forEachCanonically(chunk -> {
      chunks.add(tables.chunks.row(chunk));
      for (int slot = tables.chunks.firstReplica(chunk);
          slot != ReplicaTable.NONE;
          slot = tables.replicas.next(slot)) {
        tables.replicas.copyTo(replicas, slot);
      }
    });
    List<WorkerRow> workers = new ArrayList<>();
    for (int worker : tables.workers.order()) {
      workers.add(tables.workers.row(worker));
    }
    List<SwapRow> swaps = new ArrayList<>();
    tables.swaps.all().forEach(swaps::add);
    return new ChangeSet.Parts()
        .chunks(chunks)
        .replicas(replicas.build())
        .workers(workers)
        .swaps(swaps);
  }

  private static void putChunk(Tables tables, ChunkRow row) {
    if (tables.waits(row.position())) {
      tables.waiting(row.position(), -1);
    }
    tables.chunks.put(row);
    if (tables.waits(row.position())) {
      tables.waiting(row.position(), 1);
    }
    tables.reindex(row.position());
  }

  private static void putReplicas(Tables tables, ReplicaRows rows) {
    ReplicaTable replicas = tables.replicas;
    for (int row = 0; row < rows.size(); row++) {
      int chunk = rows.chunk(row);
      int slot = replicas.find(chunk, rows.worker(row), tables.chunks);
      if (slot == ReplicaTable.NONE) {
        slot =
            replicas.add(chunk, rows.worker(row), rows.since(row), tables.chunks, tables.workers);
        tables.work.pairs.add(chunk, rows.worker(row));
      } else if (replicas.since(slot) != rows.since(row)) {
        replicas.since(slot, rows.since(row), tables.chunks, tables.workers);
        tables.work.pairs.add(chunk, rows.worker(row));
      }
      tables.workers.sorted(rows.worker(row), false);
      tables.workers.missing(rows.worker(row), true);
      replicas.superseded(slot, rows.supersededAt(row));
      replicas.released(slot, rows.releasedAt(row));
      replicas.readableUntil(slot, rows.readableUntil(row));
      replicas.missingSince(slot, rows.missingSince(row));
      replicas.flags(slot, (byte) rows.flags(row));
      tables.reindex(chunk);
    }
  }

  private static void follow(Tables tables, FleetRow row) {
    for (int i = tables.chunks.lineages().size(); i < row.lineages().size(); i++) {
      tables.chunks.lineage(row.lineages().get(i).token());
    }
    LifecycleConfig config = tables.fleet.config();
    long watermark = tables.fleet.watermark();
    tables.fleet = row;
    if (!config.equals(row.config())) {
      tables.nextSilence = 0;
      for (int chunk = 0; chunk < tables.chunks.limit(); chunk++) {
        tables.reindex(chunk);
      }
    } else if (watermark != row.watermark()) {
      int[] waiting = tables.work.unconfirmed.toArray();
      tables.work.unconfirmed.clear();
      for (int chunk : waiting) {
        tables.reindex(chunk);
      }
      for (int chunk : tables.work.wakeAll()) {
        tables.touch(chunk);
      }
    }
  }
}
