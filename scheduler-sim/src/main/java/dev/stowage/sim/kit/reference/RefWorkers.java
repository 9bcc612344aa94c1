package dev.stowage.sim.kit.reference;

import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.PressureGauge.PressurePolicy;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The commands of workers, and of the host about workers: sections 1 and 2. */
final class RefWorkers {
  /** The tick of a sign of life until the next cycle sets it. */
  static final long NOT_TOLD = -1;

  /** The gap between report numbers of two processes: more reports than one process numbers. */
  private static final long A_RUN = 4_294_967_296L;

  private static final long NO_SENDING = 0;

  private final RefFleet fleet;
  private final long tick;

  RefWorkers(RefFleet fleet, long tick) {
    this.fleet = fleet;
    this.tick = tick;
  }

  String describe(Command.Describe said) {
    Worker.Description it = said.description();
    boolean zoned = !it.zone().equals(said.worker().value());
    if (it.capacityBytes() < 0
        || it.maxReplicas() < 1
        || it.uplinkBytesPerSecond() < 1
        || it.downlinkBytesPerSecond() < 1
        || (zoned && List.of(it.zone().split("/", -1)).contains(""))) {
      return "INVALID";
    }
    RefWorker known = fleet.workers.get(said.worker());
    if (known == null) {
      known = new RefWorker(new Worker(said.worker(), it, WorkerStatus.ACTIVE));
      known.lastSeen = tick;
      fleet.workers.put(said.worker(), known);
    }
    known.description = known.description.described(it);
    return "ACCEPTED";
  }

  String status(WorkerId id, WorkerStatus status) {
    RefWorker worker = fleet.workers.get(id);
    if (worker == null) {
      return "UNKNOWN_WORKER";
    }
    if (status != WorkerStatus.SUSPECT && status != WorkerStatus.DEPARTED) {
      boolean isOther = worker.description.status() != status;
      worker.description = worker.description.withStatus(status);
      if (isOther) {
        worker.description = worker.description.withReplacement(Optional.empty());
      }
    } else if (status == WorkerStatus.SUSPECT && worker.isAway()) {
      if (worker.absence == null) {
        beAbsent(worker, WorkerStatus.AWAY, tick);
      }
    } else if (worker.absence != status && !worker.isDeparted()) {
      beAbsent(worker, status, tick);
      endBondsOfDeparted(fleet);
    }
    return "ACCEPTED";
  }

  String replace(Command.Replace said) {
    RefWorker old = fleet.workers.get(said.worker());
    RefWorker by = fleet.workers.get(said.by());
    if (old == null || by == null) {
      return "UNKNOWN_WORKER";
    }
    long room = by.description.capacityBytes();
    long moving = 0;
    for (RefChunk chunk : fleet.chunks.values()) {
      RefReplica left = chunk.replicas.get(said.worker());
      RefReplica known = chunk.replicas.get(said.by());
      moving = RefFleet.plus(moving, left != null && left.isAssigned() ? chunk.sizeBytes : 0);
      room -= known != null && fleet.possessed(known, by) ? chunk.sizeBytes : 0;
    }
    boolean isPossible = old != by && !old.isDeparted() && by.isPlaceable();
    if (!isPossible || (moving > room && !said.isPartly())) {
      return "INVALID";
    }
    old.description =
        old.description.withStatus(WorkerStatus.LEAVING).withReplacement(Optional.of(said.by()));
    return "ACCEPTED";
  }

  static void endBondsOfDeparted(RefFleet fleet) {
    for (RefWorker worker : fleet.workers.values()) {
      Optional<WorkerId> by = worker.description.replacedBy();
      if (by.isPresent() && (worker.isDeparted() || fleet.holder(by.get()).isDeparted())) {
        worker.description = worker.description.withReplacement(Optional.empty());
      }
    }
  }

  String away(Command.Away said) {
    RefWorker worker = fleet.workers.get(said.worker());
    if (worker == null) {
      return "UNKNOWN_WORKER";
    }
    long until = said.until().value();
    if (until == 0 && said.leastCopies() == 0) {
      if (worker.isAway()) {
        noLongerAway(worker, tick, tick);
      }
      return "ACCEPTED";
    }
    boolean isPossible =
        said.leastCopies() > 0
            && until > tick
            && until <= RefFleet.plus(tick, Command.Bounds.AWAY_TICKS)
            && worker.isRegistered()
            && !worker.isDeparted();
    if (!isPossible) {
      return "INVALID";
    }
    for (RefChunk chunk : fleet.chunks.values()) {
      if (chunk.isLive()
          && chunk.replicas.containsKey(said.worker())
          && fleet.replica(chunk, said.worker()).isAssigned()
          && mostElsewhere(chunk, said.worker()) < said.leastCopies()) {
        return "TOO_FEW_WORKERS";
      }
    }
    worker.copiesElsewhere = said.leastCopies();
    worker.awayUntil = until;
    if (worker.absence != null) {
      worker.absence = WorkerStatus.AWAY;
      worker.isConfirmed = false;
    }
    return "ACCEPTED";
  }

  /** Ends an announced absence; a worker that is not back is suspect. */
  static void noLongerAway(RefWorker worker, long silentFrom, long tick) {
    boolean isBack = worker.absence == null;
    worker.copiesElsewhere = 0;
    worker.awayUntil = isBack ? 0 : silentFrom;
    if (!isBack) {
      worker.absence = WorkerStatus.SUSPECT;
      worker.absentSince = tick;
    }
  }

  /** Returns the most copies that other workers could have, if each had room for everything. */
  private int mostElsewhere(RefChunk chunk, WorkerId without) {
    List<WorkerId> open = new ArrayList<>();
    int takers = 0;
    int holders = 0;
    for (WorkerId id : fleet.workers.keySet()) {
      RefWorker other = fleet.holder(id);
      if (id.equals(without) || !other.isRegistered() || other.isDeparted() || other.mayStop()) {
        continue;
      }
      boolean isHolder = chunk.replicas.containsKey(id);
      boolean isOpen =
          other.description.status() == WorkerStatus.ACTIVE
              && RefPolicy.of(fleet, chunk).eligibility().admits(other.description);
      if (isOpen) {
        open.add(id);
        takers += isHolder || !isBanned(chunk, id) ? 1 : 0;
      } else {
        holders += isHolder ? 1 : 0;
      }
    }
    for (Map.Entry<Integer, Integer> limit : fleet.config.placement().maxPerDomain().entrySet()) {
      Map<String, Integer> inDomain = new TreeMap<>();
      for (WorkerId id : open) {
        String domain = fleet.holder(id).description.domain(limit.getKey());
        inDomain.put(domain, Math.min(limit.getValue(), inDomain.getOrDefault(domain, 0) + 1));
      }
      int most = 0;
      for (int in : inDomain.values()) {
        most += in;
      }
      takers = Math.min(takers, most);
    }
    return takers + holders;
  }

  private boolean isBanned(RefChunk chunk, WorkerId id) {
    return fleet.wishes.stream()
        .anyMatch(wish ->
            wish.kind() == PlacementWish.Kind.BAN
                && wish.worker().equals(id)
                && wish.dataset().equals(chunk.key.dataset())
                && wish.chunkId().map(chunk.key.id()::equals).orElse(true));
  }

  String confirm(List<WorkerId> named) {
    if (!fleet.workers.keySet().containsAll(named)) {
      return "UNKNOWN_WORKER";
    }
    for (WorkerId id : named) {
      RefWorker worker = fleet.holder(id);
      worker.isConfirmed |=
          worker.isRegistered() && worker.absence == WorkerStatus.SUSPECT && !worker.isHeard;
    }
    return "ACCEPTED";
  }

  static void beAbsent(RefWorker worker, WorkerStatus absence, long tick) {
    worker.absence = absence;
    worker.absentSince = tick;
    if (absence == WorkerStatus.DEPARTED) {
      worker.copiesElsewhere = 0;
      worker.awayUntil = 0;
    }
    worker.isHeard = false;
    worker.isConfirmed = false;
    worker.isGoneBySilence = false;
    if (absence == WorkerStatus.DEPARTED) {
      worker.waiting.removeIf(
          report -> report instanceof Command.Inventory || report instanceof Command.InventoryPart);
    }
  }

  String register(WorkerId id, String diskId) {
    RefWorker worker = fleet.workers.get(id);
    if (worker == null) {
      return "UNKNOWN_WORKER life " + Incarnation.of(0) + " " + fleet.era().token() + " report 0";
    }
    if (!worker.isRegistered() || !diskId.equals(worker.diskId)) {
      newDisk(id, worker, diskId);
    } else {
      worker.lastReport = worker.lastReport - worker.lastReport % A_RUN + A_RUN;
      worker.dropUnfinished(NO_SENDING);
    }
    if (worker.isDeparted()) {
      worker.owesInventory = true;
      worker.isCaughtUp = false;
    }
    worker.beBack();
    worker.lastSeen = NOT_TOLD;
    worker.isHeard = true;
    worker.pressure = PressureBand.NORMAL;
    worker.pressureTick = 0;
    return "ACCEPTED life "
        + Incarnation.of(worker.incarnation)
        + " "
        + fleet.era().token()
        + " report "
        + worker.lastReport
        + (worker.owesInventory ? " owes" : "");
  }

  /** Begins a new disk: the worker possesses nothing, and none of its old replicas is readable. */
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
    worker.unknownBytes = List.of();
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
    if (report instanceof Command.InventoryPart part) {
      for (Command.InventoryPart known : worker.partsOf(header.number())) {
        if (known.of() != part.of()) {
          return "INVALID";
        }
      }
      for (Command.InventoryPart known : worker.partsOf(header.number())) {
        if (known.place() == part.place()) {
          return "ACCEPTED";
        }
      }
      worker.dropUnfinished(header.number());
    }
    worker.lastReport = Math.max(worker.lastReport, header.number());
    worker.lastSeen = NOT_TOLD;
    worker.isHeard = true;
    if (report instanceof Command.Heartbeat sign) {
      sign.pressure()
          .ifPresent(it -> {
            worker.pressure = PressurePolicy.DEFAULT.next(worker.pressure, it.maxPressure());
            worker.pressureTick = NOT_TOLD;
          });
    } else {
      worker.waiting.add(report);
    }
    if (report instanceof Command.Inventory
        || (report instanceof Command.InventoryPart part && worker.isWhole(part))) {
      worker.dropOthers(report instanceof Command.Inventory ? NO_SENDING : header.number());
    }
    return "ACCEPTED";
  }

  /** Returns the least incarnation for a worker; a purged worker never repeats one. */
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
    if (report instanceof Command.InventoryPart && isOnItsWay(worker, header.number())) {
      return null;
    }
    return header.number() <= worker.lastReport ? ResultCode.STALE : null;
  }

  private static boolean isOnItsWay(RefWorker worker, long sending) {
    boolean isIt = false;
    for (Command<?> report : worker.waiting) {
      if (report instanceof Command.InventoryPart part) {
        isIt = part.header().number() == sending;
      }
    }
    return isIt;
  }

  private static boolean mustSendInventory(RefWorker worker, Command<?> report) {
    if (report instanceof Command.Lost
        || report instanceof Command.Inventory
        || report instanceof Command.InventoryPart) {
      return false;
    }
    boolean isOnItsWay = worker.hasInventoryWaiting();
    return worker.isDeparted()
        || (worker.owesInventory && !isOnItsWay)
        || (report instanceof Command.Applied && isOnItsWay);
  }

  /** Sets a report aside: it counts nowhere, so the contents of its worker are unknown. */
  void setAside(LeaderCommand.SetAside it) {
    RefWorker worker = it.worker().map(fleet.workers::get).orElse(null);
    if (worker == null) {
      return;
    }
    it.diskId().ifPresent(disk -> register(worker.description.id(), disk));
    if (CommandKind.isReport(it) && worker.isRegistered()) {
      worker.owesInventory = true;
      worker.lastReport = Math.max(worker.lastReport, it.lastReport());
      worker.waiting.removeIf(
          report -> report instanceof Command.Inventory || report instanceof Command.InventoryPart);
      if (!worker.isDeparted()) {
        worker.lastSeen = NOT_TOLD;
        worker.isHeard = true;
      }
    }
  }

  private static ReportHeader headerOf(Command<?> report) {
    return ((Command.Report) report).header();
  }
}
