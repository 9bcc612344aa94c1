package dev.stowage.lifecycle.state;

import dev.stowage.columns.SaturatedSum;

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
    long all = sum(tables, entry, Long.MAX_VALUE);
    long room = entry.description.capacityBytes() - (entry.footprintBytes - all);
    return room <= 0 ? 0 : Math.min(room, sum(tables, entry, room));
  }

  private static long sum(Tables tables, WorkerEntry entry, long largest) {
    ReplicaTable replicas = tables.replicas;
    boolean isWhole = entry.mayMiss || !entry.isSorted;
    long bytes = 0;
    for (int slot = entry.firstReplica;
        slot != ReplicaTable.NONE && (isWhole || replicas.since(slot) > entry.lastApplied);
        slot = replicas.nextOfWorker(slot)) {
      if (replicas.isAssigned(slot) && !tables.rules.possessed(slot)) {
        long size = tables.chunks.facts.sizeBytes(replicas.chunk(slot));
        bytes = SaturatedSum.of(bytes, size <= largest ? size : 0);
      }
    }
    return bytes;
  }
}
