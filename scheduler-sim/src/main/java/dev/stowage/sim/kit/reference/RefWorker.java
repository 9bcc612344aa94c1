package dev.stowage.sim.kit.reference;

import dev.stowage.lifecycle.Command;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
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
  long lastSeen;
  boolean isHeard;
  List<ChunkNumber> unknownBytes = List.of();

  /** Applied, lost and inventory commands, in the order of their acceptance. */
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
    copy.isHeard = isHeard;
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
    return waiting.stream().anyMatch(report -> report instanceof Command.Inventory);
  }

  /** The newest assignment that it said it applied, taken in or not. */
  long saidApplied() {
    long said = lastApplied;
    for (Command<?> report : waiting) {
      if (report instanceof Command.Applied applied) {
        said = applied.id().value();
      } else if (report instanceof Command.Inventory) {
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
