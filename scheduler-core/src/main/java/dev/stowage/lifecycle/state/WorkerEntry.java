package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.lifecycle.rows.PendingReport;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.KeyHash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One worker in the mirror; the fields are those of {@link WorkerRow}, and what hangs on it. */
public final class WorkerEntry {
  /** {@code lastApplied} of a worker that has applied nothing: below every id. */
  public static final long NOTHING_APPLIED = -1;

  public final int position;
  final long hash;
  public Worker description;
  @Nullable public WorkerStatus absence;
  public long absentSince;
  public long incarnation;
  @Nullable public String diskId;
  public long lastApplied = NOTHING_APPLIED;
  public boolean caughtUp;
  public boolean owesInventory;
  public long publishedIncarnation;
  public long inventoryReport;
  public List<ChunkNumber> orphans = List.of();
  public long lastReport;
  public long lastSeen;
  public boolean heard;
  public List<PendingReport> pending = List.of();
  public WorkerRow.Departure departure = WorkerRow.Departure.NONE;
  public ObservedPressure pressure = ObservedPressure.NONE;

  public int firstReplica = ReplicaTable.NONE;
  public int replicas;
  public long footprintBytes;

  /** The checksum of its slice, kept with every replica that comes, goes or changes. */
  public long sliceSum;

  /** The last journal that kept an image of it. */
  long imagedBy;

  /** Whether the list of its replicas is in descending order of {@code since}. */
  public boolean isSorted = true;

  /** Whether some replica on it may be missing. */
  public boolean mayMiss = true;

  public WorkerEntry(int position, Worker description) {
    this.position = position;
    this.description = description;
    hash = KeyHash.of(description.id());
  }

  static WorkerEntry of(WorkerRow row) {
    WorkerEntry entry = new WorkerEntry(row.position(), row.description());
    entry.restore(row);
    return entry;
  }

  /** Takes the fields of a row; the checksum of its slice follows from its replicas. */
  void restore(WorkerRow row) {
    description = row.description();
    absence = row.absence();
    absentSince = row.absentSince();
    incarnation = row.incarnation().value();
    diskId = row.diskId();
    lastApplied = row.lastApplied();
    caughtUp = row.caughtUp();
    owesInventory = row.owesInventory();
    publishedIncarnation = row.publishedIncarnation();
    inventoryReport = row.inventoryReport();
    orphans = row.orphans();
    lastReport = row.lastReport();
    lastSeen = row.lastSeenTick();
    heard = row.heard();
    pending = row.pending();
    departure = row.departure();
    pressure = row.pressure();
  }

  public WorkerRow toRow() {
    return new WorkerRow(
        position,
        description,
        absence,
        absentSince,
        Incarnation.of(incarnation),
        diskId,
        lastApplied,
        caughtUp,
        owesInventory,
        publishedIncarnation,
        inventoryReport,
        orphans,
        sliceSum,
        lastReport,
        lastSeen,
        heard,
        pending,
        departure,
        pressure);
  }

  WorkerEntry copy() {
    WorkerEntry copy = of(toRow());
    copy.firstReplica = firstReplica;
    copy.replicas = replicas;
    copy.footprintBytes = footprintBytes;
    copy.sliceSum = sliceSum;
    copy.isSorted = isSorted;
    copy.mayMiss = mayMiss;
    return copy;
  }

  public WorkerStatus status() {
    return absence == null ? description.status() : absence;
  }

  public boolean isRegistered() {
    return incarnation > 0;
  }

  public boolean isDeparted() {
    return absence == WorkerStatus.DEPARTED;
  }

  public boolean isPresent() {
    return status().isPresent();
  }

  /** Stands for gates and deletions. */
  public boolean isCounted() {
    return isRegistered() && !owesInventory && status().isCounted();
  }

  /** Takes new replicas. */
  public boolean isPlaceable() {
    return isRegistered() && !owesInventory && status().isPlaceable();
  }

  /** It was heard of, at a time that the next cycle says. */
  public void heardNow() {
    heard = true;
    lastSeen = WorkerRow.NOT_TOLD;
  }

  /** Whether the next cycle says when it was last heard of. */
  public boolean isNotTold() {
    return lastSeen == WorkerRow.NOT_TOLD;
  }

  public void enqueue(PendingReport report) {
    pending = PendingReports.with(pending, report);
  }

  /** The newest assignment it applied, unconsumed reports included. */
  public long reportedApplied() {
    if (pending.isEmpty()) {
      return lastApplied;
    }
    long newest = lastApplied;
    for (PendingReport report : pending) {
      if (report.kind() == PendingReport.Kind.APPLIED) {
        newest = report.assignment();
      } else if (report.kind() == PendingReport.Kind.INVENTORY) {
        newest = Math.max(newest, 0);
      }
    }
    return InventoryParts.isComplete(pending) ? Math.max(newest, 0) : newest;
  }
}
