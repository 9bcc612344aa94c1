package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;

/** Step: an assignment first names a chunk with its floor and the new side of a swap as a whole. */
final class AtomicFirstPublication implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    Facts fleet = step.after();
    if (step.kind() == AuditStep.Kind.SCHEDULE) {
      for (SwapRow swap : fleet.swaps()) {
        if (swap.isPending()) {
          judgeSide(step, swap, findings);
        }
      }
    }
    for (int chunk : step.changed()) {
      if (wasNew(step, chunk) && fleet.rows.isEstablished(chunk) && fleet.isLive(chunk)) {
        judge(step, chunk, findings);
      }
    }
  }

  private static boolean wasNew(AuditStep step, int chunk) {
    return step.after().rows.isChunk(chunk)
        && (!step.hasBoth(chunk) || !step.before().rows.isEstablished(chunk));
  }

  private static void judgeSide(AuditStep step, SwapRow swap, Findings findings) {
    int named = 0;
    ChunkKey left = null;
    for (ChunkKey key : swap.newChunks()) {
      int chunk = step.after().position(key);
      boolean wasNew = chunk >= 0 && wasNew(step, chunk);
      if (wasNew && step.after().rows.isEstablished(chunk)) {
        named += isOlder(step, chunk) ? 0 : 1;
      } else if (wasNew) {
        left = key;
      }
    }
    if (named > 0 && left != null) {
      findings.add(
          Invariant.ATOMIC_FIRST_PUBLICATION,
          "swap " + swap.id(),
          named + " chunks of its new side are placed, but " + left + " is not");
    }
  }

  private static boolean isOlder(AuditStep step, int chunk) {
    for (int slot : step.after().slots(chunk)) {
      if (step.after().rows.since(slot) <= step.before().row.workerAssignment()) {
        return true;
      }
    }
    return false;
  }

  private static void judge(AuditStep step, int chunk, Findings findings) {
    Facts fleet = step.after();
    int assigned = 0;
    for (int slot : fleet.slots(chunk)) {
      assigned += fleet.isAssigned(slot) ? 1 : 0;
    }
    if (assigned < fleet.floor(chunk) && !isOlder(step, chunk)) {
      findings.add(
          Invariant.ATOMIC_FIRST_PUBLICATION,
          fleet.rows.chunkKey(chunk).toString(),
          "first published with " + assigned + " replicas; its floor is " + fleet.floor(chunk));
    }
  }
}
