package dev.stowage.sim.kit.reference;

import dev.stowage.command.Command;
import dev.stowage.lifecycle.Origin;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The beginning of every cycle: reports are taken in, silence is judged, the watermark rises. */
final class RefNews {
  private final RefFleet fleet;
  private final long tick;

  RefNews(RefFleet fleet, long tick) {
    this.fleet = fleet;
    this.tick = tick;
  }

  /**
   * Takes in the pending reports; returns the ids, sorted, of silent workers that stay. The {@code
   * waiting} are not silent: a report of each waits to be decided.
   */
  List<WorkerId> takeIn(boolean inventoriesToo, List<WorkerId> waiting) {
    for (Map.Entry<WorkerId, RefWorker> each : fleet.workers.entrySet()) {
      RefWorker worker = each.getValue();
      if (worker.isHeard && !worker.isDeparted() && worker.absence != null) {
        worker.beBack();
      }
      worker.isHeard = false;
      worker.lastSeen = worker.lastSeen == RefWorkers.NOT_TOLD ? tick : worker.lastSeen;
      worker.pressureTick = worker.pressureTick == RefWorkers.NOT_TOLD ? tick : worker.pressureTick;
      List<Command<?>> kept = new ArrayList<>();
      for (Command<?> report : worker.waiting) {
        if (report instanceof Command.Applied applied) {
          applied(each.getKey(), worker, applied);
        } else if (report instanceof Command.Lost lost) {
          lost(each.getKey(), lost);
        } else if (inventoriesToo && report instanceof Command.Inventory all) {
          inventory(each.getKey(), worker, all.chunks());
        } else if (inventoriesToo && isLastOfWhole(worker, report)) {
          inventory(each.getKey(), worker, foundUpTo(worker, (Command.InventoryPart) report));
        }
        // Behind an inventory that waits, a loss counts now, and once more after the inventory.
        if (!kept.isEmpty() || waits(worker, report, inventoriesToo)) {
          kept.add(report);
        }
        fleet.notePossession();
      }
      worker.waiting = kept;
    }
    List<WorkerId> guarded = new RefSilence(fleet, tick).judge(inventoriesToo, waiting);
    raiseWatermark();
    fleet.notePossession();
    return guarded;
  }

  private static boolean waits(RefWorker worker, Command<?> report, boolean inventoriesToo) {
    if (report instanceof Command.InventoryPart part) {
      return !inventoriesToo || !worker.isWhole(part);
    }
    return !inventoriesToo && report instanceof Command.Inventory;
  }

  private static boolean isLastOfWhole(RefWorker worker, Command<?> report) {
    if (!(report instanceof Command.InventoryPart part) || !worker.isWhole(part)) {
      return false;
    }
    List<Command.InventoryPart> parts = worker.partsOf(part.header().number());
    return parts.get(parts.size() - 1).equals(part);
  }

  /** Returns the chunks found by the parts, except those lost after their part. */
  private static List<ChunkNumber> foundUpTo(RefWorker worker, Command.InventoryPart last) {
    TreeSet<ChunkNumber> found = new TreeSet<>(ChunkNumbers.ORDER);
    for (Command<?> report : worker.waiting) {
      if (report instanceof Command.Lost lost) {
        lost.chunks().forEach(found::remove);
      } else if (report instanceof Command.InventoryPart part
          && part.header().number() == last.header().number()) {
        found.addAll(part.chunks());
      }
      if (report.equals(last)) {
        break;
      }
    }
    return List.copyOf(found);
  }

  private void applied(WorkerId id, RefWorker worker, Command.Applied report) {
    worker.lastApplied = report.id().value();
    worker.isCaughtUp |= worker.lastApplied >= fleet.watermark;
    for (RefChunk chunk : fleet.chunks.values()) {
      if (chunk.replicas.containsKey(id)) {
        setMissing(chunk, id, report.missing().contains(chunk.number));
      }
    }
  }

  private void lost(WorkerId id, Command.Lost report) {
    for (ChunkNumber number : report.chunks()) {
      RefChunk chunk = fleet.chunkOf(number);
      if (chunk != null && chunk.replicas.containsKey(id) && fleet.possessed(chunk, id)) {
        setMissing(chunk, id, true);
      }
    }
  }

  private void inventory(WorkerId id, RefWorker worker, List<ChunkNumber> onDisk) {
    if (worker.isDeparted()) {
      worker.beBack();
      worker.isCaughtUp = false;
    }
    worker.owesInventory = false;
    worker.lastApplied = Math.max(worker.lastApplied, 0);
    List<ChunkNumber> unknown = new ArrayList<>();
    for (RefChunk chunk : fleet.chunks.values()) {
      RefReplica replica = chunk.replicas.get(id);
      if (replica != null) {
        boolean isThere = onDisk.contains(chunk.number);
        setMissing(chunk, id, !isThere);
        replica.since = isThere ? Math.min(replica.since, worker.lastApplied) : replica.since;
      }
    }
    for (ChunkNumber number : onDisk) {
      RefChunk chunk = fleet.chunkOf(number);
      if (chunk == null) {
        unknown.add(number);
      } else if (chunk.isLive() && !chunk.replicas.containsKey(id)) {
        RefReplica found = new RefReplica(worker.lastApplied, Origin.FOUND);
        found.supersededAt = fleet.workerAssignment + 1; // the one that this cycle will mint
        chunk.replicas.put(id, found);
        chunk.isEstablished = true;
      }
    }
    long until = RefFleet.plus(fleet.era().beganTick(), fleet.config.orphanAfterTicks());
    worker.unknownBytes = tick < until ? unknown : List.of();
  }

  private void setMissing(RefChunk chunk, WorkerId id, boolean isMissing) {
    RefReplica replica = fleet.replica(chunk, id);
    if (replica.isMissing() != isMissing) {
      replica.missingSince = isMissing ? tick : RefReplica.NOT_MISSING;
    }
  }

  /** Raises the watermark to the highest id that a quorum applied; it never falls. */
  private void raiseWatermark() {
    if (fleet.config.confirmation().isPerWorker()) {
      return;
    }
    int percent = fleet.config.confirmation().quorumPercent();
    List<Long> applied =
        fleet.workers.values().stream()
            .filter(RefWorker::isCounted)
            .map(worker -> worker.lastApplied)
            .toList();
    double share = applied.size() * percent / 100.0;
    long enough = Math.max(1, (long) Math.ceil(share));
    for (long id = fleet.workerAssignment; id > fleet.watermark; id--) {
      long candidate = id;
      long have = applied.stream().filter(at -> at >= candidate).count();
      if (percent == 0 || (!applied.isEmpty() && have >= enough)) {
        fleet.watermark = id;
        return;
      }
    }
  }
}
