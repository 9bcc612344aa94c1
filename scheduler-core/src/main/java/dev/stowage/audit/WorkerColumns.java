package dev.stowage.audit;

import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.Arrays;

/** One column per fact about a worker, filled while a snapshot is built and then only read. */
final class WorkerColumns {
  final int count;
  final WorkerId[] id;
  final WorkerStatus[] status;
  final long[] incarnation;
  final long[] lastApplied;
  final boolean[] caughtUp;

  // As named by the newest worker assignment, 0 for none.
  final long[] publishedIncarnation;

  final long[] lastReport;

  final long[] lastSeen;

  // The tick since which it is suspect, departed, or silent while it is away.
  final long[] absentSince;

  final boolean[] isSilent;

  final WorkerRow.Departure[] departure;

  // As announced, or 0.
  final int[] leastCopies;
  final long[] awayUntil;

  final Worker[] described;

  // As told by the newest portal assignment, if it names the worker; empty for none.
  final String[] zoneInRoutes;

  // Never registered, back from departure or met by a new lineage: not relied on yet.
  final boolean[] unproven;

  // The inventory whose unconsumed parts have arrived; 0 for none.
  final long[] sending;

  final boolean[] sendingIsOpen;

  final boolean[] inventoryPending;

  WorkerColumns(int count) {
    this(count, count);
  }

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
    leastCopies = new int[described];
    awayUntil = new long[described];
    isSilent = new boolean[described];
    this.described = new Worker[described];
    zoneInRoutes = new String[described];
    Arrays.fill(zoneInRoutes, "");
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
        && status[worker] != WorkerStatus.AWAY
        && !unproven[worker];
  }

  boolean isPlaceable(int worker) {
    return status[worker] == WorkerStatus.ACTIVE && !unproven[worker];
  }
}
