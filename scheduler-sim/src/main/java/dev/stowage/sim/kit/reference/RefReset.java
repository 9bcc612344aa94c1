package dev.stowage.sim.kit.reference;

import dev.stowage.answer.ChunkStatus.ChunkState;
import java.util.ArrayList;
import java.util.List;

/** The command by which the operator sets the time, section 8. */
final class RefReset {
  private final RefFleet fleet;
  private final long now;

  RefReset(RefFleet fleet, long now) {
    this.fleet = fleet;
    this.now = now;
  }

  String run() {
    fleet.workers.values().forEach(this::resetAbsence);
    fleet.largestTick = now;
    fleet.listeningTick = now;
    List<RefFleet.FormerWindow> windows = new ArrayList<>();
    for (RefFleet.FormerWindow former : fleet.formerWindows) {
      windows.add(new RefFleet.FormerWindow(former.ticks(), RefFleet.plus(now, former.ticks())));
    }
    fleet.formerWindows = windows;
    List<RefFleet.Era> eras = new ArrayList<>();
    for (RefFleet.Era era : fleet.eras) {
      boolean isPaused = era == fleet.era() && fleet.eras.size() > 1;
      eras.add(
          new RefFleet.Era(
              era.token(), isPaused ? now : notAhead(era.beganTick()), era.lastNumber()));
    }
    fleet.eras = eras;
    fleet
        .workers
        .values()
        .forEach(worker -> {
          worker.lastSeen = notAhead(worker.lastSeen);
          worker.pressureTick = notAhead(worker.pressureTick);
          worker.absentSince = notAhead(worker.absentSince);
        });
    fleet.chunks.values().forEach(this::reset);
    fleet.swaps.replaceAll(
        (id, swap) -> swap.isPending() ? swap : swap.ended(swap.state(), notAhead(swap.endTick())));
    return "ACCEPTED";
  }

  private void reset(RefChunk chunk) {
    long windowEnd = RefFleet.plus(now, fleet.windowAt(now));
    chunk.admittedTick = notAhead(chunk.admittedTick);
    chunk.endTick = chunk.state == ChunkState.DROPPED ? windowEnd : notAhead(chunk.endTick);
    for (RefReplica replica : chunk.replicas.values()) {
      replica.readableUntil = replica.readableUntil == 0 ? 0 : windowEnd;
      replica.missingSince = notAhead(replica.missingSince);
    }
  }

  /** Keeps what is left of an announced absence; one that is over ended at the new time at most. */
  private void resetAbsence(RefWorker worker) {
    if (worker.isAway()) {
      long left = Math.max(0, worker.awayUntil - fleet.largestTick);
      worker.awayUntil = RefFleet.plus(now, left);
    } else {
      worker.awayUntil = notAhead(worker.awayUntil);
    }
  }

  private long notAhead(long tick) {
    return Math.min(now, tick);
  }
}
