package dev.stowage.audit;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.Violation.Invariant;
import dev.stowage.model.WorkerStatus;

/** Step: a deleted replica is unreadable, except last-resort preemptions that the result admits. */
final class TwoPhaseOut implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    Facts before = step.before();
    long now = step.answer().commitTick();
    int allowed = step.answer().lastResortPreemptions();
    for (int chunk : step.changed()) {
      if (!before.rows.isChunk(chunk)) {
        continue;
      }
      for (int slot : before.slots(chunk)) {
        boolean mayBeGone = before.holder(slot).isInventoryPending();
        if (step.after(slot) != Facts.NONE || mayBeGone || step.isOnLostDisk(slot)) {
          continue;
        }
        if (step.kind() != AuditStep.Kind.SCHEDULE) {
          findings.add(
              Invariant.TWO_PHASE_OUT,
              before.name(slot),
              "gone after a command that is no scheduling cycle");
        } else if (isReadable(step, slot, now) && allowed-- <= 0) {
          findings.add(
              Invariant.TWO_PHASE_OUT,
              before.name(slot),
              "deleted at tick "
                  + now
                  + " while portals may read it (until "
                  + before.rows.readableUntil(slot)
                  + ", named: "
                  + before.rows.isNamed(slot)
                  + ")");
        }
      }
    }
  }

  private static boolean isReadable(AuditStep step, int slot, long now) {
    Facts before = step.before();
    int chunk = before.rows.replicaChunk(slot);
    if (step.isEnded(chunk)) {
      boolean wasSeen = before.rows.chunkState(chunk) == ChunkState.DROPPED;
      return wasSeen ? now < before.rows.endTick(chunk) : before.isVisible(chunk);
    }
    // Whether routes do without an absent worker is decided anew with the reports of the cycle, so
    // only routes that are out count.
    boolean isAway = before.holder(slot).status() == WorkerStatus.AWAY;
    return before.isReadable(slot, now) && (!isAway || before.isOut(slot, now));
  }
}
