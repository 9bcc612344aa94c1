package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;

/** Step: an assignment first names a chunk with its floor and the new side of a swap as a whole. */
final class AtomicFirstPublication implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    FleetSnapshot fleet = step.after();
    ChunkColumns chunks = fleet.chunks();
    int[] before = step.chunksBefore();
    judgeSides(step, before, findings);
    long newestBefore = step.before().header().newestWorkerAssignment();
    for (int chunk = 0; chunk < chunks.count; chunk++) {
      boolean wasNew = before[chunk] < 0 || !step.before().chunks().established[before[chunk]];
      if (wasNew && chunks.established[chunk] && chunks.isLive(chunk)) {
        judge(fleet, chunk, newestBefore, findings);
      }
    }
  }

  private static void judgeSides(AuditStep step, int[] before, Findings findings) {
    SwapColumns swaps = step.after().swaps();
    for (int swap = 0; swap < swaps.count; swap++) {
      boolean isPending = swaps.state[swap] == SwapColumns.PENDING;
      if (isPending && step.kind() == AuditStep.Kind.SCHEDULE) {
        judgeSide(step, before, swap, findings);
      }
    }
  }

  private static void judgeSide(AuditStep step, int[] before, int swap, Findings findings) {
    ChunkColumns chunks = step.after().chunks();
    int named = 0;
    int left = -1;
    for (int chunk : step.after().swaps().newSide[swap]) {
      boolean wasNew =
          chunk >= 0 && (before[chunk] < 0 || !step.before().chunks().established[before[chunk]]);
      if (wasNew && chunks.established[chunk]) {
        named += isOlder(step, chunk) ? 0 : 1;
      } else if (wasNew) {
        left = chunk;
      }
    }
    if (named > 0 && left >= 0) {
      findings.add(
          Invariant.ATOMIC_FIRST_PUBLICATION,
          "swap " + step.after().swaps().id[swap],
          named + " chunks of its new side are placed, but " + chunks.key[left] + " is not");
    }
  }

  private static boolean isOlder(AuditStep step, int chunk) {
    int[] start = step.after().chunks().replicaStart;
    long newestBefore = step.before().header().newestWorkerAssignment();
    for (int r = start[chunk]; r < start[chunk + 1]; r++) {
      if (step.after().replicas().since[r] <= newestBefore) {
        return true;
      }
    }
    return false;
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
          "first published with " + assigned + " replicas; its floor is " + chunks.floor[chunk]);
    }
  }
}
