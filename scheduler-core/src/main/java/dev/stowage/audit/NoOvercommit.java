package dev.stowage.audit;

/**
 * Step: a scheduling cycle adds nothing to a worker that ends above its capacity, in bytes or in
 * replicas. What an inventory puts on the books is no addition of a plan: it carries the worker's
 * own last confirmed id.
 */
final class NoOvercommit implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    if (step.kind() != AuditStep.Kind.SCHEDULE) {
      return;
    }
    FleetSnapshot fleet = step.after();
    long newestBefore = step.before().header().newestWorkerAssignment();
    long[] used = new long[fleet.workerCount()];
    long[] added = new long[fleet.workerCount()];
    int[] copies = new int[fleet.workerCount()];
    int[] copiesAdded = new int[fleet.workerCount()];
    ReplicaColumns replicas = fleet.replicas();
    for (int replica = 0; replica < replicas.count; replica++) {
      long size = fleet.chunks().sizeBytes[replicas.chunk[replica]];
      used[replicas.worker[replica]] += size;
      boolean isNew = replicas.since[replica] > newestBefore;
      added[replicas.worker[replica]] += isNew ? size : 0;
      copies[replicas.worker[replica]]++;
      copiesAdded[replicas.worker[replica]] += isNew ? 1 : 0;
    }
    WorkerColumns workers = fleet.workers();
    for (int worker = 0; worker < workers.count; worker++) {
      if (used[worker] > workers.capacityBytes[worker] && added[worker] > 0) {
        findings.add(
            Invariant.NO_OVERCOMMIT,
            workers.id[worker].value(),
            added[worker]
                + " bytes added, "
                + used[worker]
                + " on the books of a capacity of "
                + workers.capacityBytes[worker]);
      }
      if (copies[worker] > workers.maxReplicas[worker] && copiesAdded[worker] > 0) {
        findings.add(
            Invariant.NO_OVERCOMMIT,
            workers.id[worker].value(),
            copiesAdded[worker]
                + " replicas added, "
                + copies[worker]
                + " on the books of at most "
                + workers.maxReplicas[worker]);
      }
    }
  }
}
