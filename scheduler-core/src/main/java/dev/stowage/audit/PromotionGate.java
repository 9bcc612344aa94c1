package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;

/**
 * Step of "two-phase, in": a chunk appears only with a confirmed replica and, if gated, its floor
 * possessed on counted workers (lifecycle design, section 4, step 2).
 */
final class PromotionGate implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    if (step.kind() != AuditStep.Kind.PUBLISH) {
      return;
    }
    ChunkColumns old = step.before().chunks();
    ChunkColumns young = step.after().chunks();
    PublishedReplicas replicas = null;
    for (int chunk = 0; chunk < old.count; chunk++) {
      int after = step.chunkAfter(chunk);
      boolean isShown =
          after >= 0
              && old.state[chunk] == ChunkColumns.ADMITTED
              && young.state[after] == ChunkColumns.VISIBLE;
      if (isShown && !PublishedReplicas.isUnsettled(step.after(), after)) {
        replicas = replicas == null ? new PublishedReplicas(step) : replicas;
        judge(step.after(), after, replicas, findings);
      }
    }
  }

  private static void judge(
      FleetSnapshot fleet, int chunk, PublishedReplicas replicas, Findings findings) {
    int proved = 0;
    int routed = 0;
    int[] start = fleet.chunks().replicaStart;
    for (int replica = start[chunk]; replica < start[chunk + 1]; replica++) {
      boolean stood = !fleet.replicas().isDraining(replica) || replicas.isReleasedNow(replica);
      proved += stood && replicas.facts().isPossessedOnCounted(replica) ? 1 : 0;
      routed += replicas.wasRouted(replica) ? 1 : 0;
    }
    int floor = fleet.header().gated() ? fleet.chunks().floor[chunk] : 0;
    if (proved < floor || routed == 0) {
      findings.add(
          Invariant.TWO_PHASE_IN,
          fleet.chunks().key[chunk].toString(),
          "promoted with "
              + proved
              + " possessed and "
              + routed
              + " routed replicas; its floor is "
              + floor);
    }
  }
}
