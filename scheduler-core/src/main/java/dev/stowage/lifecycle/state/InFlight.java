package dev.stowage.lifecycle.state;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.columns.WideSum;

/** Sums the bytes assigned to workers and not yet confirmed. */
public final class InFlight {
  private InFlight() {}

  /** Leaves out replicas without room, which wait for the room and not for a link. */
  public static long bytes(Tables tables) {
    long bytes = 0;
    for (int position : tables.workers.order()) {
      WorkerEntry entry = tables.workers.entry(position);
      if (entry.isCounted()) {
        bytes = SaturatedSum.of(bytes, bytesTo(tables, entry));
      }
    }
    return bytes;
  }

  private static long bytesTo(Tables tables, WorkerEntry entry) {
    WideSum there = entry.footprintBytes.copy();
    there.subtract(sum(tables, entry, Long.MAX_VALUE));
    long room = entry.description.capacityBytes() - there.saturated();
    return room <= 0 ? 0 : Math.min(room, sum(tables, entry, room).saturated());
  }

  private static WideSum sum(Tables tables, WorkerEntry entry, long largest) {
    ReplicaTable replicas = tables.replicas;
    boolean isWhole = entry.mayMiss || !entry.isSorted;
    WideSum bytes = new WideSum();
    for (int slot = entry.firstReplica;
        slot != ReplicaTable.NONE && (isWhole || replicas.since(slot) > entry.lastApplied);
        slot = replicas.nextOfWorker(slot)) {
      if (replicas.isAssigned(slot) && !tables.rules.possessed(slot)) {
        long size = tables.chunks.facts.sizeBytes(replicas.chunk(slot));
        bytes.add(size <= largest ? size : 0);
      }
    }
    return bytes;
  }
}
