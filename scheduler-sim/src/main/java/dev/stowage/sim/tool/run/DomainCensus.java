package dev.stowage.sim.tool.run;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.sim.tool.report.LastPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the replicas of a chunk in the failure domains of a fleet at one moment. */
final class DomainCensus {
  private final LifecycleView fleet;

  DomainCensus(LifecycleView fleet) {
    this.fleet = fleet;
  }

  List<LastPlan.DomainLimit> limits() {
    List<LastPlan.DomainLimit> limits = new ArrayList<>();
    fleet
        .config()
        .placement()
        .maxPerDomain()
        .forEach((level, most) -> {
          int[] domainOf = new int[fleet.workerLimit()];
          int domains = number(level, domainOf);
          limits.add(new LastPlan.DomainLimit(level, domains, most, reached(domainOf, domains)));
        });
    return limits;
  }

  /** Numbers the domains of one level; returns their count. */
  private int number(int level, int[] domainOf) {
    Arrays.fill(domainOf, -1);
    Map<String, Integer> numbers = new HashMap<>();
    fleet.forEachWorker(worker -> {
      if (fleet.isPresent(worker)) {
        String domain = fleet.worker(worker).domain(level);
        Integer next = numbers.size();
        Integer known = numbers.putIfAbsent(domain, next);
        domainOf[worker] = known == null ? next : known;
      }
    });
    return numbers.size();
  }

  private int reached(int[] domainOf, int domains) {
    int[] most = {0};
    int[] counts = new int[domains];
    fleet.forEachChunk(chunk -> {
      Arrays.fill(counts, 0);
      for (int slot = fleet.firstReplica(chunk);
          slot != LifecycleView.NONE;
          slot = fleet.nextReplica(slot)) {
        int domain = domainOf[fleet.replicaWorker(slot)];
        boolean isThere = domain >= 0 && fleet.isLive(chunk);
        if (isThere && fleet.replicaState(slot) == ReplicaState.ASSIGNED) {
          most[0] = Math.max(most[0], ++counts[domain]);
        }
      }
    });
    return most[0];
  }
}
