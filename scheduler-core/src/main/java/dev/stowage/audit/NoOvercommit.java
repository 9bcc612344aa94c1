package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.columns.WideSum;
import dev.stowage.model.Worker;
import java.util.Map;

/** Step: a scheduling cycle adds nothing but an inventory to a worker that ends above capacity. */
final class NoOvercommit implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    if (step.kind() != AuditStep.Kind.SCHEDULE) {
      return;
    }
    Facts fleet = step.after();
    WideSum[] used = step.loads().bytes();
    int[] copies = step.loads().copies();
    WorkerLoads added = WorkerLoads.since(fleet, step.before().row.workerAssignment());
    for (int worker : fleet.workers()) {
      Worker described = fleet.worker(worker).row().description();
      if (used[worker].isAbove(described.capacityBytes()) && !added.bytes()[worker].isZero()) {
        findings.add(
            Invariant.NO_OVERCOMMIT,
            described.id().value(),
            added.bytes()[worker]
                + " bytes were added, so that its replicas need "
                + used[worker]
                + " bytes; its capacity is "
                + described.capacityBytes());
      }
      if (copies[worker] > described.maxReplicas() && added.copies()[worker] > 0) {
        findings.add(
            Invariant.NO_OVERCOMMIT,
            described.id().value(),
            added.copies()[worker]
                + " replicas were added, so that it has "
                + copies[worker]
                + "; its max_replicas is "
                + described.maxReplicas());
      }
    }
  }

  // Earlier replicas and those of an inventory may stay.
  static final class OfDomains implements StepCheck {
    @Override
    public void check(AuditStep step, Findings findings) {
      Facts fleet = step.after();
      Map<Integer, Integer> limits = fleet.config().placement().maxPerDomain();
      if (step.kind() != AuditStep.Kind.SCHEDULE || limits.isEmpty()) {
        return;
      }
      for (int chunk : step.changed()) {
        for (int slot : fleet.rows.isChunk(chunk) ? fleet.slots(chunk) : new int[0]) {
          if (counts(fleet, slot) && !wasWanted(step, slot)) {
            judge(fleet, slot, limits, findings);
          }
        }
      }
    }

    private static boolean wasWanted(AuditStep step, int slot) {
      int old = step.before(slot);
      return old == Facts.NONE
          ? step.after().rows.since(slot) <= step.before().row.workerAssignment()
          : step.before().isAssigned(old);
    }

    private static boolean counts(Facts fleet, int slot) {
      return fleet.isAssigned(slot) && fleet.holder(slot).isPresent();
    }

    private static void judge(
        Facts fleet, int slot, Map<Integer, Integer> limits, Findings findings) {
      limits.forEach((level, most) -> {
        String domain = domain(fleet, slot, level);
        int in = 0;
        for (int other : fleet.slots(fleet.rows.replicaChunk(slot))) {
          in += counts(fleet, other) && domain(fleet, other, level).equals(domain) ? 1 : 0;
        }
        if (in > most) {
          findings.add(
              Invariant.DOMAIN_LIMIT,
              fleet.name(slot),
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

    private static String domain(Facts fleet, int slot, int level) {
      return fleet.holder(slot).row().description().domain(level);
    }
  }
}
