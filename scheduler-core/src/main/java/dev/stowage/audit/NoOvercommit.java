package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.columns.WideSum;
import java.util.Map;

/** Step: a scheduling cycle adds nothing but an inventory to a worker that ends above capacity. */
final class NoOvercommit implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    if (step.kind() != AuditStep.Kind.SCHEDULE) {
      return;
    }
    FleetSnapshot fleet = step.after();
    long newestBefore = step.before().header().newestWorkerAssignment();
    WideSum[] used = step.loads().bytes();
    int[] copies = step.loads().copies();
    WideSum[] added = WideSum.zeros(fleet.workerCount());
    int[] copiesAdded = new int[fleet.workerCount()];
    ReplicaColumns replicas = fleet.replicas();
    for (int replica = 0; replica < replicas.count; replica++) {
      if (replicas.since[replica] > newestBefore) {
        added[replicas.worker[replica]].add(fleet.chunks().sizeBytes[replicas.chunk[replica]]);
        copiesAdded[replicas.worker[replica]]++;
      }
    }
    WorkerColumns workers = fleet.workers();
    for (int worker = 0; worker < workers.count; worker++) {
      if (used[worker].isAbove(workers.described[worker].capacityBytes())
          && !added[worker].isZero()) {
        findings.add(
            Invariant.NO_OVERCOMMIT,
            workers.id[worker].value(),
            added[worker]
                + " bytes were added, so that its replicas need "
                + used[worker]
                + " bytes; its capacity is "
                + workers.described[worker].capacityBytes());
      }
      if (copies[worker] > workers.described[worker].maxReplicas() && copiesAdded[worker] > 0) {
        findings.add(
            Invariant.NO_OVERCOMMIT,
            workers.id[worker].value(),
            copiesAdded[worker]
                + " replicas were added, so that it has "
                + copies[worker]
                + "; its max_replicas is "
                + workers.described[worker].maxReplicas());
      }
    }
  }

  // Earlier replicas and those of an inventory may stay.
  static final class OfDomains implements StepCheck {
    @Override
    public void check(AuditStep step, Findings findings) {
      FleetSnapshot fleet = step.after();
      Map<Integer, Integer> limits = fleet.row().config().placement().maxPerDomain();
      if (step.kind() != AuditStep.Kind.SCHEDULE || limits.isEmpty()) {
        return;
      }
      boolean[] wasWanted = wasWanted(step);
      int[] start = fleet.chunks().replicaStart;
      for (int chunk = 0; chunk < fleet.chunkCount(); chunk++) {
        for (int replica = start[chunk]; replica < start[chunk + 1]; replica++) {
          if (counts(fleet, replica) && !wasWanted[replica]) {
            judge(fleet, replica, limits, findings);
          }
        }
      }
    }

    private static boolean[] wasWanted(AuditStep step) {
      boolean[] was = new boolean[step.after().replicaCount()];
      boolean[] existed = new boolean[was.length];
      int[] after = step.replicasAfter();
      for (int replica = 0; replica < after.length; replica++) {
        if (after[replica] >= 0) {
          existed[after[replica]] = true;
          was[after[replica]] = step.before().replicas().isAssigned(replica);
        }
      }
      long newestBefore = step.before().header().newestWorkerAssignment();
      for (int replica = 0; replica < was.length; replica++) {
        was[replica] |= !existed[replica] && step.after().replicas().since[replica] <= newestBefore;
      }
      return was;
    }

    private static boolean counts(FleetSnapshot fleet, int replica) {
      return fleet.replicas().isAssigned(replica)
          && fleet.workers().isPresent(fleet.replicas().worker[replica]);
    }

    private static void judge(
        FleetSnapshot fleet, int replica, Map<Integer, Integer> limits, Findings findings) {
      int chunk = fleet.replicas().chunk[replica];
      int[] start = fleet.chunks().replicaStart;
      limits.forEach((level, most) -> {
        String domain = domain(fleet, replica, level);
        int in = 0;
        for (int other = start[chunk]; other < start[chunk + 1]; other++) {
          in += counts(fleet, other) && domain(fleet, other, level).equals(domain) ? 1 : 0;
        }
        if (in > most) {
          findings.add(
              Invariant.DOMAIN_LIMIT,
              fleet.replicaName(replica),
              "is one of "
                  + in
                  + " wanted replicas of its chunk in domain "
                  + domain
                  + " of level "
                  + level
                  + "; max_per_domain is "
                  + most);
        }
      });
    }

    private static String domain(FleetSnapshot fleet, int replica, int level) {
      return fleet.workers().described[fleet.replicas().worker[replica]].domain(level);
    }
  }
}
