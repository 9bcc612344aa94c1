package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;

/** Step: no cycle deletes the last possessed replica of a chunk that lives on. */
final class LastReplica implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    if (step.kind() == AuditStep.Kind.OTHER) {
      return;
    }
    Facts before = step.before();
    for (int chunk : step.changed()) {
      if (step.isEnded(chunk) || before.hasInventory(chunk)) {
        continue;
      }
      int possessed = 0;
      int deleted = 0;
      for (int slot : before.slots(chunk)) {
        if (before.isPossessed(slot) && !step.isOnLostDisk(slot)) {
          possessed++;
          deleted += step.after(slot) == Facts.NONE ? 1 : 0;
        }
      }
      if (deleted > 0 && deleted == possessed && step.foundByInventory(chunk) == 0) {
        findings.add(
            Invariant.LAST_REPLICA,
            before.rows.chunkKey(chunk).toString(),
            "all " + possessed + " possessed replicas were deleted");
      }
    }
  }
}
