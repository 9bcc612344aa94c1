package dev.stowage.sim.kit.reference;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** The suspect and departed workers, section 8: mass silence. */
final class RefSilence {
  private final RefFleet fleet;
  private final long tick;

  RefSilence(RefFleet fleet, long tick) {
    this.fleet = fleet;
    this.tick = tick;
  }

  /**
   * Returns the ids, sorted, of workers that would depart but stay. Confirmed departures need a
   * scheduling cycle.
   */
  List<WorkerId> judge(boolean isScheduling, List<WorkerId> waiting) {
    LifecycleConfig config = fleet.config;
    TreeMap<WorkerId, RefWorker> confirmed = new TreeMap<>();
    TreeMap<WorkerId, RefWorker> silent = new TreeMap<>();
    TreeMap<WorkerId, RefWorker> goneLately = new TreeMap<>();
    TreeMap<WorkerId, RefWorker> there = new TreeMap<>();
    fleet.workers.forEach((id, worker) -> {
      if (worker.isDeparted()) {
        if (worker.isGoneBySilence && worker.absentSince >= tick - config.departAfterTicks()) {
          goneLately.put(id, worker);
        }
        return;
      }
      there.put(id, worker);
      if (waiting.contains(id)) {
        return;
      }
      if (worker.isAway()
          && worker.absence == null
          && tick - fleet.silentSince(worker) >= config.suspectAfterTicks()) {
        RefWorkers.beAbsent(worker, WorkerStatus.AWAY, tick);
      }
      if (worker.isAway() && tick < worker.awayUntil) {
        return;
      }
      if (worker.isAway()) {
        RefWorkers.noLongerAway(worker, worker.awayUntil, tick);
      }
      long silence = tick - fleet.silentSince(worker);
      if (worker.isRegistered() && worker.isConfirmed && isScheduling) {
        confirmed.put(id, worker);
      } else if (worker.isRegistered() && silence >= config.departAfterTicks()) {
        silent.put(id, worker);
      } else if (worker.isRegistered()
          && silence >= config.suspectAfterTicks()
          && worker.absence == null) {
        RefWorkers.beAbsent(worker, WorkerStatus.SUSPECT, tick);
      }
    });
    boolean isGuarded =
        config.trust().isGuarded()
            && !silent.isEmpty()
            && isMass(confirmed, silent, goneLately, there);
    confirmed.values().forEach(this::depart);
    if (!isGuarded) {
      silent.values().forEach(this::depart);
      return List.of();
    }
    for (RefWorker worker : silent.values()) {
      if (worker.absence == null) {
        RefWorkers.beAbsent(worker, WorkerStatus.SUSPECT, tick);
      }
    }
    return List.copyOf(silent.keySet());
  }

  private void depart(RefWorker worker) {
    RefWorkers.beAbsent(worker, WorkerStatus.DEPARTED, tick);
    worker.isGoneBySilence = true;
    RefWorkers.endBondsOfDeparted(fleet);
  }

  private boolean isMass(
      TreeMap<WorkerId, RefWorker> confirmed,
      TreeMap<WorkerId, RefWorker> silent,
      TreeMap<WorkerId, RefWorker> goneLately,
      TreeMap<WorkerId, RefWorker> there) {
    List<RefWorker> counted = new ArrayList<>(confirmed.values());
    counted.addAll(silent.values());
    counted.addAll(goneLately.values());
    TreeSet<String> domains = new TreeSet<>();
    counted.forEach(worker -> domains.add(outermost(worker.description)));
    BigDecimal share =
        BigDecimal.valueOf(fleet.config.trust().departureGuardMillionths()).movePointLeft(6);
    BigDecimal all =
        bytes(List.copyOf(there.values())).add(bytes(List.copyOf(goneLately.values())));
    return counted.size() >= 2
        && domains.size() > 1
        && bytes(counted).compareTo(all.multiply(share)) > 0;
  }

  /** Returns the outermost zone of a worker; a zone equal to the id means that it has none. */
  private static String outermost(Worker worker) {
    String zone = worker.zone();
    return zone.equals(worker.id().value()) ? zone : zone.split("/", 2)[0];
  }

  private static BigDecimal bytes(List<RefWorker> workers) {
    BigDecimal sum = BigDecimal.ZERO;
    for (RefWorker worker : workers) {
      sum = sum.add(BigDecimal.valueOf(worker.description.capacityBytes()));
    }
    return sum;
  }
}
