package dev.stowage.sim.kit.reference;

import dev.stowage.command.Command;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A worker and its pending reports, which no cycle has taken in. */
final class RefWorker {
  static final long NOTHING = -1;

  Worker description;
  @Nullable WorkerStatus absence;
  long absentSince;
  long incarnation;
  @Nullable String diskId;
  long lastApplied = NOTHING;
  boolean isCaughtUp;
  boolean owesInventory;
  long lastReport;

  /** Below 0 if the worker was heard of and the next cycle sets the tick. */
  long lastSeen;

  /** True if the operator confirmed the departure; until the worker is heard of. */
  boolean isConfirmed;

  /** True if the worker departed by silence or confirmation, and is not back. */
  boolean isGoneBySilence;

  boolean isHeard;

  /** The copies elsewhere that an announced absence asks for; 0 if none is announced. */
  int copiesElsewhere;

  /** When the announced absence ends, or ended if the worker is not back from it; 0 if neither. */
  long awayUntil;

  /** The last reported pressure; its tick is below 0 until the next cycle sets it. */
  PressureBand pressure = PressureBand.NORMAL;

  long pressureTick;
  List<ChunkNumber> unknownBytes = List.of();

  /** The applied, lost and inventory commands and inventory parts, in the order of acceptance. */
  List<Command<?>> waiting = new ArrayList<>();

  RefWorker(Worker description) {
    this.description = description;
  }

  RefWorker copy() {
    RefWorker copy = new RefWorker(description);
    copy.absence = absence;
    copy.absentSince = absentSince;
    copy.incarnation = incarnation;
    copy.diskId = diskId;
    copy.lastApplied = lastApplied;
    copy.isCaughtUp = isCaughtUp;
    copy.owesInventory = owesInventory;
    copy.lastReport = lastReport;
    copy.lastSeen = lastSeen;
    copy.isConfirmed = isConfirmed;
    copy.isGoneBySilence = isGoneBySilence;
    copy.isHeard = isHeard;
    copy.copiesElsewhere = copiesElsewhere;
    copy.awayUntil = awayUntil;
    copy.pressure = pressure;
    copy.pressureTick = pressureTick;
    copy.unknownBytes = unknownBytes;
    copy.waiting = new ArrayList<>(waiting);
    return copy;
  }

  boolean isRegistered() {
    return incarnation > 0;
  }

  boolean isDeparted() {
    return absence == WorkerStatus.DEPARTED;
  }

  /** Implements the column "routed to" of the table of section 1. */
  boolean isPresent() {
    return !isDeparted();
  }

  /** Implements the column "counts for gates and deletions" of the table of section 1. */
  boolean isCounted() {
    return isRegistered() && !owesInventory && absence == null && !isAway();
  }

  boolean isAway() {
    return copiesElsewhere > 0;
  }

  /** Reports whether the worker may have been told that it may be switched off. */
  boolean mayStop() {
    return isAway() || description.status() == WorkerStatus.LEAVING;
  }

  /** Ends every absence, announced or not, because the worker was heard of. */
  void beBack() {
    absence = null;
    absentSince = 0;
    isConfirmed = false;
    isGoneBySilence = false;
    copiesElsewhere = 0;
    awayUntil = 0;
  }

  /** Implements the column "takes new replicas" of the table of section 1. */
  boolean isPlaceable() {
    return isCounted() && description.status() == WorkerStatus.ACTIVE;
  }

  boolean hasInventoryWaiting() {
    return waiting.stream()
        .anyMatch(report ->
            report instanceof Command.Inventory || report instanceof Command.InventoryPart);
  }

  List<Command.InventoryPart> partsOf(long sending) {
    List<Command.InventoryPart> parts = new ArrayList<>();
    for (Command<?> report : waiting) {
      if (report instanceof Command.InventoryPart part && part.header().number() == sending) {
        parts.add(part);
      }
    }
    return parts;
  }

  boolean isWhole(Command.InventoryPart part) {
    return partsOf(part.header().number()).stream()
            .map(Command.InventoryPart::place)
            .distinct()
            .count()
        == part.of();
  }

  void dropUnfinished(long sending) {
    List<Command<?>> kept = new ArrayList<>();
    for (Command<?> report : waiting) {
      boolean isKept =
          !(report instanceof Command.InventoryPart part)
              || part.header().number() == sending
              || isWhole(part);
      if (isKept) {
        kept.add(report);
      }
    }
    waiting = kept;
  }

  void dropOthers(long sending) {
    waiting.removeIf(report ->
        report instanceof Command.InventoryPart part && part.header().number() != sending);
  }

  long saidApplied() {
    long said = lastApplied;
    for (Command<?> report : waiting) {
      if (report instanceof Command.Applied applied) {
        said = applied.id().value();
      } else if (report instanceof Command.Inventory
          || (report instanceof Command.InventoryPart part && isWhole(part))) {
        said = Math.max(said, 0);
      }
    }
    return said;
  }

  @Override
  public String toString() {
    return description.id()
        + " "
        + description.status()
        + " "
        + absence
        + " life "
        + incarnation
        + " applied "
        + lastApplied
        + (isCaughtUp ? " caught up" : "")
        + (owesInventory ? " owes" : "")
        + " "
        + waiting.size()
        + " waiting";
  }
}
