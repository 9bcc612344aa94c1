package dev.stowage.sim.kit.reference;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import org.jspecify.annotations.Nullable;

/** What workers and the host say of workers: sections 1 and 2. */
final class RefWorkers {
  private final RefFleet fleet;
  private final long tick;

  RefWorkers(RefFleet fleet, long tick) {
    this.fleet = fleet;
    this.tick = tick;
  }

  String describe(Command.Describe said) {
    if (said.capacityBytes() < 0) {
      return "INVALID";
    }
    RefWorker known = fleet.workers.get(said.worker());
    WorkerStatus status = known == null ? WorkerStatus.ACTIVE : known.description.status();
    Worker described =
        new Worker(
            said.worker(),
            said.capacityBytes(),
            said.zone(),
            said.version(),
            said.labels(),
            status);
    if (known == null) {
      known = new RefWorker(described);
      known.lastSeen = tick;
      fleet.workers.put(said.worker(), known);
    }
    known.description = described;
    return "ACCEPTED";
  }

  String status(WorkerId id, WorkerStatus status) {
    RefWorker worker = fleet.workers.get(id);
    if (worker == null) {
      return "UNKNOWN_WORKER";
    }
    if (status != WorkerStatus.SUSPECT && status != WorkerStatus.DEPARTED) {
      worker.description = worker.description.withStatus(status);
    } else if (worker.absence != status && !worker.isDeparted()) {
      beAbsent(worker, status, tick);
    }
    return "ACCEPTED";
  }

  static void beAbsent(RefWorker worker, WorkerStatus absence, long tick) {
    worker.absence = absence;
    worker.absentSince = tick;
    worker.isHeard = false;
    if (absence == WorkerStatus.DEPARTED) {
      worker.waiting.removeIf(report -> report instanceof Command.Inventory);
    }
  }

  String register(WorkerId id, String diskId) {
    RefWorker worker = fleet.workers.get(id);
    if (worker == null) {
      return "UNKNOWN_WORKER life " + Incarnation.of(0) + " " + fleet.era().token() + " report 0";
    }
    worker.lastSeen = tick;
    if (!worker.isRegistered() || !diskId.equals(worker.diskId)) {
      newDisk(id, worker, diskId);
    }
    if (worker.isDeparted()) {
      worker.owesInventory = true;
      worker.isCaughtUp = false;
    }
    worker.absence = null;
    worker.absentSince = 0;
    return "ACCEPTED life "
        + Incarnation.of(worker.incarnation)
        + " "
        + fleet.era().token()
        + " report "
        + worker.lastReport
        + (worker.owesInventory ? " owes" : "");
  }

  /** It possesses nothing, and nobody may read from it what was there before. */
  private void newDisk(WorkerId id, RefWorker worker, String diskId) {
    if (!worker.isRegistered() && fleet.eras.size() > 1) {
      worker.owesInventory = true; // it may be one that the lost commits knew
    }
    worker.incarnation = oldestLife(worker) + (worker.isRegistered() ? 1 : 0);
    worker.diskId = diskId;
    worker.lastApplied = RefWorker.NOTHING;
    worker.isCaughtUp = false;
    worker.lastReport = 0;
    worker.isHeard = false;
    worker.unknownBytes = java.util.List.of();
    worker.waiting.clear();
    for (RefChunk chunk : fleet.chunks.values()) {
      RefReplica replica = chunk.replicas.get(id);
      if (replica != null) {
        replica.isNamed = false;
        replica.readableUntil = 0;
        replica.missingSince = RefReplica.NOT_MISSING;
        replica.isOfLostDisk = !replica.isAssigned();
      }
    }
  }

  String report(Command<?> report) {
    ReportHeader header = headerOf(report);
    ResultCode refused = refusal(header, report);
    if (refused != null) {
      return refused.name();
    }
    RefWorker worker = fleet.holder(header.worker());
    worker.lastReport = header.number();
    worker.lastSeen = tick;
    worker.isHeard = true;
    if (!(report instanceof Command.Heartbeat)) {
      worker.waiting.add(report);
    }
    return "ACCEPTED";
  }

  /** A worker that was purged does not begin again with a life that it has had. */
  private long oldestLife(RefWorker worker) {
    return worker.isRegistered() ? worker.incarnation : fleet.purgedLife + 1;
  }

  private @Nullable ResultCode refusal(ReportHeader header, Command<?> report) {
    RefWorker worker = fleet.workers.get(header.worker());
    if (worker == null) {
      return ResultCode.UNKNOWN_WORKER;
    }
    long life = header.incarnation().value();
    if (life < oldestLife(worker)) {
      return ResultCode.OLD_INCARNATION;
    }
    boolean isForeign = !header.lineage().equals(fleet.era().token());
    if (isForeign && !(report instanceof Command.Lost)) {
      return ResultCode.FOREIGN_LINEAGE;
    }
    boolean isOfThisLife = life == worker.incarnation;
    if (isOfThisLife && mustSendInventory(worker, report)) {
      return ResultCode.INVENTORY_WANTED;
    }
    if (!isForeign && life > worker.incarnation) {
      return ResultCode.FROM_THE_FUTURE;
    }
    if (report instanceof Command.Applied applied) {
      if (applied.id().value() > fleet.workerAssignment) {
        return ResultCode.FROM_THE_FUTURE;
      }
      if (applied.id().value() < worker.saidApplied()) {
        return ResultCode.STALE;
      }
    }
    return header.number() <= worker.lastReport ? ResultCode.STALE : null;
  }

  private static boolean mustSendInventory(RefWorker worker, Command<?> report) {
    if (report instanceof Command.Lost || report instanceof Command.Inventory) {
      return false;
    }
    boolean isApplied = report instanceof Command.Applied;
    boolean mayNotApply = worker.owesInventory || worker.hasInventoryWaiting();
    return worker.isDeparted() || (isApplied && mayNotApply);
  }

  private static ReportHeader headerOf(Command<?> report) {
    if (report instanceof Command.Heartbeat heartbeat) {
      return heartbeat.header();
    }
    if (report instanceof Command.Applied applied) {
      return applied.header();
    }
    if (report instanceof Command.Lost lost) {
      return lost.header();
    }
    return ((Command.Inventory) report).header();
  }
}
