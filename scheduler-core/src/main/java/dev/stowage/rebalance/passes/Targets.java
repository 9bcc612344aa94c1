package dev.stowage.rebalance.passes;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.tables.LedTable;
import dev.stowage.rebalance.tables.WorkerRoster;
import java.util.Arrays;
import java.util.Map;

/** The workers that can take a chunk (rebalance design, section 4). */
final class Targets {
  private final LedTable led;
  private final WorkerRoster workers;
  private final boolean[] open;

  Targets(LedTable led, WorkerRoster workers, AvoidList avoided, long tick) {
    this.led = led;
    this.workers = workers;
    open = new boolean[workers.limit()];
    for (int worker = 0; worker < open.length; worker++) {
      open[worker] = workers.exists(worker) && workers.facts(worker).placeable();
    }
    for (AvoidList.Entry entry : avoided.entries(Tick.of(tick))) {
      int worker = workers.position(entry.worker());
      if (worker >= 0) {
        open[worker] = false;
      }
    }
  }

  ExcludedWorkers excluded(int chunk, int from) {
    Map<WorkerId, Integer> positions = workers.positions();
    return id -> !takes(chunk, from, positions.getOrDefault(id, -1));
  }

  boolean takes(int chunk, int from, int to) {
    if (to < 0 || to >= open.length || !open[to] || workers.freeBytes(to) < led.size(chunk)) {
      return false;
    }
    Eligibility wanted = led.eligibility(chunk);
    return !led.holders.isAnyOn(chunk, to)
        && wanted.admits(workers.facts(to).worker())
        && Arrays.stream(led.banned(chunk)).noneMatch(worker -> worker == to)
        && keepsZones(chunk, from, to);
  }

  /** Reports whether a move keeps the domains, up to the floor, outermost level first. */
  private boolean keepsZones(int chunk, int from, int to) {
    if (workers.exists(from)
        && workers.facts(from).worker().zone().equals(workers.facts(to).worker().zone())) {
      return true;
    }
    int floor = led.floor(chunk);
    for (int level = 1; level <= deepest(chunk, to); level++) {
      int before = Math.min(floor, domains(chunk, level, -1, ""));
      int after = Math.min(floor, domains(chunk, level, from, domain(to, level)));
      if (after != before) {
        return after > before;
      }
    }
    return true;
  }

  private int deepest(int chunk, int to) {
    int deepest = Math.max(1, workers.facts(to).worker().levels());
    int begin = led.holders.begin(chunk);
    for (int slot = begin; slot < begin + led.holders.holders(chunk); slot++) {
      int worker = led.holders.worker(slot);
      int levels = workers.exists(worker) ? workers.facts(worker).worker().levels() : 0;
      deepest = Math.max(deepest, levels);
    }
    return deepest;
  }

  private int domains(int chunk, int level, int without, String with) {
    int begin = led.holders.begin(chunk);
    int end = begin + led.holders.holders(chunk);
    int count = with.isEmpty() ? 0 : 1;
    for (int slot = begin; slot < end; slot++) {
      int worker = led.holders.worker(slot);
      String domain = domain(worker, level);
      boolean counts = worker != without && workers.exists(worker) && !domain.equals(with);
      for (int other = begin; other < slot && counts; other++) {
        int earlier = led.holders.worker(other);
        counts =
            earlier == without
                || !workers.exists(earlier)
                || !domain(earlier, level).equals(domain);
      }
      count += counts ? 1 : 0;
    }
    return count;
  }

  private String domain(int worker, int level) {
    return workers.exists(worker) ? workers.facts(worker).worker().domain(level) : "";
  }
}
