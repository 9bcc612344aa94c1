package dev.stowage.sim.kit.reference;

import dev.stowage.lifecycle.Command;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.PressureBand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A worker, and the reports of it that no cycle has taken in. */
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

  /** Below 0: it was heard of, and the next cycle says when. */
  long lastSeen;

  /** The operator says that it is gone; counts until it is heard of. */
  boolean isConfirmed;

  /** It departed by silence, or because that was confirmed, and is not back. */
  boolean isGoneBySilence;

  boolean isHeard;

  /** The pressure that it reported last, and when; below 0: the next cycle says when. */
  PressureBand pressure = PressureBand.NORMAL;

  long pressureTick;
  List<ChunkNumber> unknownBytes = List.of();

  /**
   * Applied, lost and inventory commands, and parts of inventories, in the order of their
   * acceptance.
   */
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

  /** The table of section 1, column "routed to". */
  boolean isPresent() {
    return !isDeparted();
  }

  /** The table of section 1, column "counts for gates and deletions". */
  boolean isCounted() {
    return isRegistered() && !owesInventory && absence == null;
  }

  /** The table of section 1, column "takes new replicas". */
  boolean isPlaceable() {
    return isCounted() && description.status() == WorkerStatus.ACTIVE;
  }

  boolean hasInventoryWaiting() {
    return waiting.stream()
        .anyMatch(report ->
            report instanceof Command.Inventory || report instanceof Command.InventoryPart);
  }

  /** The parts of a sending that were accepted. */
  List<Command.InventoryPart> partsOf(long sending) {
    List<Command.InventoryPart> parts = new ArrayList<>();
    for (Command<?> report : waiting) {
      if (report instanceof Command.InventoryPart part && part.header().number() == sending) {
        parts.add(part);
      }
    }
    return parts;
  }

  /** Whether every place of the sending that a part is of has come. */
  boolean isWhole(Command.InventoryPart part) {
    return partsOf(part.header().number()).stream()
            .map(Command.InventoryPart::place)
            .distinct()
            .count()
        == part.of();
  }

  /** Takes away the parts of sendings that are not whole, but for one. */
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

  /** Takes away the parts of all sendings but one. */
  void dropOthers(long sending) {
    waiting.removeIf(report ->
        report instanceof Command.InventoryPart part && part.header().number() != sending);
  }

  /** The newest assignment that it said it applied, taken in or not. */
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
