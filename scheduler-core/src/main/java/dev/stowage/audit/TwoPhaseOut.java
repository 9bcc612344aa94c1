package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.model.WorkerStatus;

/** Step: a deleted replica is unreadable, except last-resort preemptions that the result admits. */
final class TwoPhaseOut implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    Facts facts = new Facts(step.before());
    ReplicaColumns replicas = step.before().replicas();
    int[] after = step.replicasAfter();
    long now = step.answer().commitTick();
    int allowed = step.answer().lastResortPreemptions();
    for (int replica = 0; replica < replicas.count; replica++) {
      boolean mayBeGone = step.before().workers().inventoryPending[replicas.worker[replica]];
      if (after[replica] >= 0 || mayBeGone || Deletions.isOnLostDisk(step, replica)) {
        continue;
      }
      String name = step.before().replicaName(replica);
      if (step.kind() != AuditStep.Kind.SCHEDULE) {
        findings.add(
            Invariant.TWO_PHASE_OUT, name, "gone after a command that is no scheduling cycle");
      } else if (isReadable(step, facts, replica, now) && allowed-- <= 0) {
        findings.add(
            Invariant.TWO_PHASE_OUT,
            name,
            "deleted at tick "
                + now
                + " while portals may read it (until "
                + replicas.readableUntil[replica]
                + ", named: "
                + replicas.named[replica]
                + ")");
      }
    }
  }

  private static boolean isReadable(AuditStep step, Facts facts, int replica, long now) {
    int chunk = step.before().replicas().chunk[replica];
    if (Deletions.isChunkEnded(step, chunk)) {
      ChunkColumns chunks = step.before().chunks();
      boolean wasSeen = chunks.state[chunk] == ChunkColumns.DROPPED;
      return wasSeen ? now < chunks.windowEnd[chunk] : chunks.state[chunk] == ChunkColumns.VISIBLE;
    }
    // Whether routes do without an absent worker is decided anew with the reports of the cycle, so
    // only routes that are out count.
    int worker = step.before().replicas().worker[replica];
    boolean isAway = step.before().workers().status[worker] == WorkerStatus.AWAY;
    return facts.isReadable(replica, now) && (!isAway || facts.isOut(replica, now));
  }
}
