package dev.stowage.lifecycle;

import dev.stowage.model.ChunkNumber;

/**
 * Reads accepted reports that no cycle has consumed: an accepted report counts at once for queries.
 */
final class PendingReports {
  private PendingReports() {}

  /** Whether a replica is possessed, with what its worker reported since the last cycle. */
  static boolean possessed(Tables tables, int slot) {
    WorkerEntry holder = tables.workers.entry(tables.replicas.worker(slot));
    boolean missing = tables.replicas.isMissing(slot);
    long applied = holder.lastApplied;
    long since = tables.replicas.since(slot);
    if (holder.pending.isEmpty()) {
      return !missing && applied >= since;
    }
    ChunkNumber number = tables.chunks.facts.number(tables.replicas.chunk(slot));
    for (PendingReport report : holder.pending) {
      boolean named = number != null && report.chunks().contains(number);
      switch (report.kind()) {
        case APPLIED -> {
          applied = report.assignment();
          missing = named;
        }
        case LOST -> missing |= named;
        case INVENTORY -> {
          applied = Math.max(applied, 0);
          missing = !named;
          since = named ? Math.min(since, applied) : since;
        }
      }
    }
    return !missing && applied >= since;
  }
}
