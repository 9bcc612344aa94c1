package dev.stowage.audit;

import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A worker with the reports that no cycle has consumed. A pending inventory is only flagged: it may
 * rewrite all of the worker's books.
 *
 * @param sending the inventory whose unconsumed parts have arrived; 0 for none
 * @param appliesAnew whether an assignment was applied, which ends losses reported before
 * @param lacks the chunks reported missing since then
 */
record WorkerFacts(
    WorkerRow row,
    WorkerStatus status,
    long lastApplied,
    boolean caughtUp,
    long sending,
    boolean isSendingOpen,
    boolean isInventoryPending,
    boolean appliesAnew,
    Set<ChunkNumber> lacks) {
  static WorkerFacts of(WorkerRow row, long watermark) {
    long applied = row.lastApplied();
    boolean caughtUp = row.caughtUp();
    boolean appliesAnew = false;
    long sending = 0;
    boolean isSendingOpen = false;
    boolean isInventoryPending = false;
    Set<ChunkNumber> lacks = row.pending().isEmpty() ? Set.of() : new HashSet<>();
    for (PendingReport report : row.pending()) {
      switch (report.kind()) {
        case INVENTORY -> isInventoryPending = true;
        case PART -> {
          // Parts are an inventory once complete; the newer of two sendings may not be.
          sending = report.number();
          isSendingOpen = parts(row.pending(), sending) < report.of();
          isInventoryPending |= parts(row.pending(), sending) == report.of();
        }
        case APPLIED -> {
          applied = report.assignment();
          caughtUp |= applied >= watermark;
          appliesAnew = true;
          lacks.clear();
          lacks.addAll(report.chunks());
        }
        case LOST -> lacks.addAll(report.chunks());
      }
    }
    return new WorkerFacts(
        row,
        row.status(),
        applied,
        caughtUp,
        sending,
        isSendingOpen,
        isInventoryPending,
        appliesAnew,
        lacks);
  }

  private static long parts(List<PendingReport> pending, long sending) {
    return pending.stream().filter(report -> report.isPartOf(sending)).count();
  }

  WorkerId id() {
    return row.id();
  }

  long incarnation() {
    return row.incarnation().value();
  }

  /** Reports whether it never registered, is back from departure or met by a new lineage. */
  boolean isUnproven() {
    return row.owesInventory() || incarnation() == 0;
  }

  boolean isPresent() {
    return status != WorkerStatus.DEPARTED;
  }

  boolean isCounted() {
    return status != WorkerStatus.DEPARTED
        && status != WorkerStatus.SUSPECT
        && status != WorkerStatus.AWAY
        && !isUnproven();
  }

  boolean isPlaceable() {
    return status == WorkerStatus.ACTIVE && !isUnproven();
  }
}
