package dev.stowage.audit;

/**
 * Step: the first worker assignment that names a chunk gives it at least its floor. A chunk that an
 * inventory established is exempt: its replicas are older than the cycle.
 */
final class AtomicFirstPublication implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    FleetSnapshot fleet = step.after();
    ChunkColumns chunks = fleet.chunks();
    int[] before = step.chunksBefore();
    long newestBefore = step.before().header().newestWorkerAssignment();
    for (int chunk = 0; chunk < chunks.count; chunk++) {
      boolean wasNew = before[chunk] < 0 || !step.before().chunks().established[before[chunk]];
      if (wasNew && chunks.established[chunk] && chunks.isLive(chunk)) {
        judge(fleet, chunk, newestBefore, findings);
      }
    }
  }

  private static void judge(FleetSnapshot fleet, int chunk, long newestBefore, Findings findings) {
    ChunkColumns chunks = fleet.chunks();
    int assigned = 0;
    for (int r = chunks.replicaStart[chunk]; r < chunks.replicaStart[chunk + 1]; r++) {
      if (fleet.replicas().since[r] <= newestBefore) {
        return;
      }
      assigned += fleet.replicas().isAssigned(r) ? 1 : 0;
    }
    if (assigned < chunks.floor[chunk]) {
      findings.add(
          Invariant.ATOMIC_FIRST_PUBLICATION,
          chunks.key[chunk].toString(),
          "first published with " + assigned + " replicas, its floor is " + chunks.floor[chunk]);
    }
  }
}
