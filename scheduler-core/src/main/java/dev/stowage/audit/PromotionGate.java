package dev.stowage.audit;

import dev.stowage.answer.ChunkStatus.ChunkState;
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
    for (int chunk : step.changed()) {
      boolean isShown =
          step.hasBoth(chunk)
              && step.before().rows.chunkState(chunk) == ChunkState.ADMITTED
              && step.after().isVisible(chunk);
      if (isShown && !step.after().hasInventory(chunk)) {
        judge(new PublishedReplicas(step), chunk, findings);
      }
    }
  }

  private static void judge(PublishedReplicas replicas, int chunk, Findings findings) {
    Facts fleet = replicas.after();
    int proved = 0;
    int routed = 0;
    for (int slot : fleet.slots(chunk)) {
      boolean stood = !fleet.isDraining(slot) || replicas.isReleasedNow(slot);
      proved += stood && fleet.isPossessedOnCounted(slot) ? 1 : 0;
      routed += replicas.wasRouted(slot) ? 1 : 0;
    }
    int floor = fleet.isGated() ? fleet.floor(chunk) : 0;
    if (proved < floor || routed == 0) {
      findings.add(
          Invariant.TWO_PHASE_IN,
          fleet.rows.chunkKey(chunk).toString(),
          "promoted with "
              + proved
              + " possessed and "
              + routed
              + " routed replicas; its floor is "
              + floor);
    }
  }
}
