package dev.stowage.lifecycle.state;

import dev.stowage.columns.WideSum;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.KeyHash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The mutable fields of {@link WorkerRow} and derived data. */
public final class WorkerEntry {
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
  @Nullable public String toldZone;
  public long awayUntil;
  public int leastCopies;

  public int firstReplica = ReplicaTable.NONE;
  public int replicas;
  public final WideSum footprintBytes;

  public long sliceSum;

  /** Set if the list of its replicas is in descending order of {@code since}. */
  public boolean isSorted = true;

  /** Set if a replica on it may be missing. */
  public boolean mayMiss = true;

  public WorkerEntry(int position, Worker description) {
    this.position = position;
    this.description = description;
    hash = KeyHash.of(description.id());
    footprintBytes = new WideSum();
  }

  private WorkerEntry(WorkerEntry from) {
    position = from.position;
    hash = from.hash;
    description = from.description;
    absence = from.absence;
    absentSince = from.absentSince;
    incarnation = from.incarnation;
    diskId = from.diskId;
    lastApplied = from.lastApplied;
    caughtUp = from.caughtUp;
    owesInventory = from.owesInventory;
    publishedIncarnation = from.publishedIncarnation;
    inventoryReport = from.inventoryReport;
    orphans = from.orphans;
    lastReport = from.lastReport;
    lastSeen = from.lastSeen;
    heard = from.heard;
    pending = from.pending;
    departure = from.departure;
    pressure = from.pressure;
    toldZone = from.toldZone;
    awayUntil = from.awayUntil;
    leastCopies = from.leastCopies;
    firstReplica = from.firstReplica;
    replicas = from.replicas;
    footprintBytes = from.footprintBytes.copy();
    sliceSum = from.sliceSum;
    isSorted = from.isSorted;
    mayMiss = from.mayMiss;
  }

  static WorkerEntry of(WorkerRow row) {
    WorkerEntry entry = new WorkerEntry(row.position(), row.description());
    entry.restore(row);
    return entry;
  }

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
    toldZone = row.toldZone();
    awayUntil = row.awayUntil();
    leastCopies = row.leastCopies();
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
        pressure,
        toldZone,
        awayUntil,
        leastCopies);
  }

  WorkerEntry copy() {
    return new WorkerEntry(this);
  }

  public WorkerStatus status() {
    return WorkerRow.status(absence, leastCopies, description);
  }

  public String zoneInRoutes() {
    return toldZone == null ? description.path() : toldZone;
  }

  /** Keeps the zone that routes tell until a visibility cycle tells the new one. */
  public void describe(Worker as) {
    String told = zoneInRoutes();
    description = as;
    toldZone = told.equals(as.path()) ? null : told;
  }

  /** Reports whether the host told it to leave, even if it is silent or gone now. */
  public boolean isToLeave() {
    return description.status() == WorkerStatus.LEAVING;
  }

  /** Reports whether its absence was announced and is not over. */
  public boolean isAway() {
    return leastCopies > 0;
  }

  /** Reports whether it was told to leave, or announced its absence: it may be switched off. */
  public boolean mayStop() {
    return isToLeave() || isAway();
  }

  /** Ends the absence and its announcement. */
  public void beBack() {
    absence = null;
    absentSince = 0;
    departure = WorkerRow.Departure.NONE;
    awayUntil = 0;
    leastCopies = 0;
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

  public boolean isCounted() {
    return isRegistered() && !owesInventory && status().isCounted();
  }

  public boolean isPlaceable() {
    return isRegistered() && !owesInventory && status().isPlaceable();
  }

  public void heardNow() {
    heard = true;
    lastSeen = WorkerRow.NOT_TOLD;
  }

  public boolean isNotTold() {
    return lastSeen == WorkerRow.NOT_TOLD;
  }

  public void enqueue(PendingReport report) {
    pending = PendingReports.with(pending, report);
  }

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
