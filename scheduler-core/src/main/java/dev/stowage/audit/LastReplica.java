package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;

/** Step: no cycle deletes the last possessed replica of a chunk that lives on. */
final class LastReplica implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    if (step.kind() == AuditStep.Kind.OTHER) {
      return;
    }
    Facts facts = new Facts(step.before());
    int[] after = step.replicasAfter();
    ChunkColumns chunks = step.before().chunks();
    for (int chunk = 0; chunk < chunks.count; chunk++) {
      if (Deletions.isChunkEnded(step, chunk) || Deletions.hasInventory(step, chunk)) {
        continue;
      }
      int possessed = 0;
      int deleted = 0;
      for (int r = chunks.replicaStart[chunk]; r < chunks.replicaStart[chunk + 1]; r++) {
        if (facts.isPossessed(r) && !Deletions.isOnLostDisk(step, r)) {
          possessed++;
          deleted += after[r] < 0 ? 1 : 0;
        }
      }
      if (deleted > 0 && deleted == possessed && Deletions.foundByInventory(step, chunk) == 0) {
        findings.add(
            Invariant.LAST_REPLICA,
            chunks.key[chunk].toString(),
            "all " + possessed + " possessed replicas were deleted");
      }
    }
  }
}
