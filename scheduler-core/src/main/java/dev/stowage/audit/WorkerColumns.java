package dev.stowage.audit;

import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.Arrays;

/** One column per fact about a worker; filled while a snapshot is built, then only read. */
final class WorkerColumns {
  final int count;
  final WorkerId[] id;
  final WorkerStatus[] status;
  final long[] incarnation;
  final long[] lastApplied;
  final boolean[] caughtUp;

  /** The incarnation that the newest worker assignment names, 0 for none. */
  final long[] publishedIncarnation;

  /** The number of the last accepted report, and the tick at which it was heard of. */
  final long[] lastReport;

  final long[] lastSeen;

  /** Since when it is suspect or departed, and how that stands. */
  final long[] absentSince;

  final WorkerRow.Departure[] departure;

  /** As its host describes it; null for those of an excerpt. */
  final Worker[] described;

  /** Never registered, back from departure, or met by a new lineage: relied on for nothing yet. */
  final boolean[] unproven;

  /** Of which inventory parts have arrived that no cycle has consumed yet; 0 for none. */
  final long[] sending;

  /** Parts of that inventory have not arrived yet. */
  final boolean[] sendingIsOpen;

  /** An inventory has arrived that no cycle has consumed yet. */
  final boolean[] inventoryPending;

  WorkerColumns(int count) {
    this(count, count);
  }

  /** Those of an excerpt: columns that state checks do not look at are empty. */
  static WorkerColumns ofExcerpt(int count) {
    return new WorkerColumns(count, 0);
  }

  private WorkerColumns(int count, int described) {
    this.count = count;
    id = new WorkerId[count];
    status = new WorkerStatus[described];
    incarnation = new long[count];
    lastApplied = new long[count];
    caughtUp = new boolean[count];
    publishedIncarnation = new long[described];
    lastReport = new long[described];
    lastSeen = new long[described];
    absentSince = new long[described];
    departure = new WorkerRow.Departure[described];
    Arrays.fill(departure, WorkerRow.Departure.NONE);
    this.described = new Worker[described];
    unproven = new boolean[count];
    inventoryPending = new boolean[count];
    sending = new long[count];
    sendingIsOpen = new boolean[count];
  }

  boolean isPresent(int worker) {
    return status[worker] != WorkerStatus.DEPARTED;
  }

  boolean isCounted(int worker) {
    return status[worker] != WorkerStatus.DEPARTED
        && status[worker] != WorkerStatus.SUSPECT
        && !unproven[worker];
  }

  boolean isPlaceable(int worker) {
    return status[worker] == WorkerStatus.ACTIVE && !unproven[worker];
  }
}
