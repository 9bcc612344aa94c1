package dev.stowage.lifecycle.questions;

import dev.stowage.answer.FleetStanding;
import dev.stowage.answer.Leaving;
import dev.stowage.answer.WorkerStanding;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/** Reads how a fleet and its workers stand. */
final class Standings {
  private Standings() {}

  static FleetStanding ofFleet(Reading at) {
    LifecycleView view = at.state();
    Map<WorkerStatus, Integer> statuses = new EnumMap<>(WorkerStatus.class);
    long[] sums = new long[3];
    view.forEachWorker(worker -> {
      Leaving.Part held = at.held(view.workerId(worker));
      WorkerStatus status = view.worker(worker).status();
      statuses.merge(status, 1, Integer::sum);
      sums[0] += held.replicas();
      sums[1] = SaturatedSum.of(sums[1], held.bytes());
      if (status != WorkerStatus.DEPARTED) {
        sums[2] = SaturatedSum.of(sums[2], view.worker(worker).description().capacityBytes());
      }
    });
    return new FleetStanding(
        view.largestTick().value(),
        view.newestWorkerAssignment().value(),
        view.newestPortalAssignment().value(),
        view.configVersion(),
        view.config().minReplication(),
        view.config().maxReplication(),
        view.isFrozen(),
        view.workerCount(),
        statuses.getOrDefault(WorkerStatus.SUSPECT, 0),
        statuses.getOrDefault(WorkerStatus.DEPARTED, 0),
        statuses.getOrDefault(WorkerStatus.LEAVING, 0),
        sums[0],
        sums[1],
        sums[2]);
  }

  static WorkerStanding ofWorker(Reading at, int worker, Function<WorkerId, OptionalLong> levels) {
    LifecycleView view = at.state();
    WorkerRow row = view.workerRow(worker);
    Leaving.Part held = at.held(row.id());
    long now = view.largestTick().value();
    return new WorkerStanding(
        row.id(),
        view.worker(worker).status(),
        row.description().status() == WorkerStatus.LEAVING,
        row.owesInventory(),
        view.zone(worker),
        held.replicas(),
        held.bytes(),
        row.description().capacityBytes(),
        view.isPlaceable(worker) ? levels.apply(row.id()) : OptionalLong.empty(),
        row.lastSeenTick() < 0 ? 0 : Math.max(0, now - row.lastSeenTick()),
        row.leastCopies() == 0 ? 0 : Math.max(0, row.awayUntil() - now),
        row.leastCopies(),
        row.pressure().band());
  }
}
