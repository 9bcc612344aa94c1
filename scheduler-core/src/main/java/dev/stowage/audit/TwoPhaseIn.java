package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;

/** State and step: portals are sent only to workers whose named disk confirmed. */
final class TwoPhaseIn implements StateCheck, StepCheck {
  @Override
  public void check(Facts fleet, Findings findings) {
    for (int chunk : fleet.chunks()) {
      for (int slot : fleet.slots(chunk)) {
        if (fleet.rows.isNamed(slot) && fleet.missingSince(slot) == Facts.NONE) {
          judge(fleet, chunk, slot, findings);
        }
      }
    }
  }

  private static void judge(Facts fleet, int chunk, int slot, Findings findings) {
    if (!fleet.isVisible(chunk)) {
      findings.add(
          Invariant.TWO_PHASE_IN,
          fleet.name(slot),
          "named to portals while its chunk is " + Facts.word(fleet.rows.chunkState(chunk)));
    }
    long since = fleet.rows.since(slot);
    long proven = Math.max(fleet.holder(slot).lastApplied(), fleet.row.watermark());
    if (proven < since && !fleet.holder(slot).isUnproven()) {
      findings.add(
          Invariant.TWO_PHASE_IN,
          fleet.name(slot),
          "named to portals, assigned since " + since + ", but confirmed only up to " + proven);
    }
  }

  @Override
  public void check(AuditStep step, Findings findings) {
    if (step.kind() != AuditStep.Kind.PUBLISH) {
      return;
    }
    Facts fleet = step.after();
    for (int chunk : fleet.chunks()) {
      for (int slot : fleet.slots(chunk)) {
        boolean isRouted = fleet.isRouted(slot);
        boolean isJudged = !fleet.holder(slot).isInventoryPending();
        if (isJudged && isRouted != fleet.rows.isNamed(slot)) {
          findings.add(
              Invariant.TWO_PHASE_IN,
              fleet.name(slot),
              isRouted ? "routed, but not named to portals" : "named to portals, but not routed");
        }
      }
    }
  }
}
