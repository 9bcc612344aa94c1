package dev.stowage.lifecycle.state;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.columns.WideSum;
import dev.stowage.lifecycle.rows.WorkerRow;

/** Sums the bytes assigned to workers and not yet confirmed. */
public final class InFlight {
  private InFlight() {}

  /** Leaves out replicas without room, which wait for the room and not for a link. */
  public static long bytes(Tables tables) {
    long bytes = 0;
    for (int position : tables.workers.order()) {
      WorkerRow entry = tables.workers.entry(position);
      if (entry.isCounted()) {
        bytes = SaturatedSum.of(bytes, bytesTo(tables, entry));
      }
    }
    return bytes;
  }

  private static long bytesTo(Tables tables, WorkerRow entry) {
    WideSum there = tables.workers.footprintBytes(entry.position());
    there.subtract(sum(tables, entry, Long.MAX_VALUE));
    long room = entry.description().capacityBytes() - there.saturated();
    return room <= 0 ? 0 : Math.min(room, sum(tables, entry, room).saturated());
  }

  private static WideSum sum(Tables tables, WorkerRow entry, long largest) {
    ReplicaTable replicas = tables.replicas;
    int worker = entry.position();
    boolean isWhole = tables.workers.mayMiss(worker) || !tables.workers.isSorted(worker);
    WideSum bytes = new WideSum();
    for (int slot = tables.workers.firstReplica(worker);
        slot != ReplicaTable.NONE && (isWhole || replicas.since(slot) > entry.lastApplied());
        slot = replicas.nextOfWorker(slot)) {
      if (replicas.isAssigned(slot) && !tables.rules.possessed(slot)) {
        long size = tables.chunks.facts.sizeBytes(replicas.chunk(slot));
        bytes.add(size <= largest ? size : 0);
      }
    }
    return bytes;
  }
}
