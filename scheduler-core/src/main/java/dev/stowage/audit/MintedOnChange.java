package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;

/**
 * Step: worker assignments are minted exactly on change, by cycles (lifecycle design, section 1).
 */
final class MintedOnChange implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    long old = step.before().row.workerAssignment();
    long young = step.after().row.workerAssignment();
    boolean isMinted = young != old;
    if (step.kind() != AuditStep.Kind.SCHEDULE) {
      if (isMinted) {
        find("minted by a command that is no scheduling cycle", young, findings);
      }
      return;
    }
    boolean isChanged = isContentChanged(step);
    if (isMinted && !isChanged) {
      find("minted although it equals the one before", young, findings);
    } else if (isChanged && !isMinted) {
      find("not minted although what is published changed", young + 1, findings);
    } else if (young > old + 1) {
      find("minted although the next id was " + (old + 1), young, findings);
    }
  }

  private static void find(String what, long id, Findings findings) {
    findings.add(Invariant.BOUNDS_ARE_KEPT, "worker assignment " + id, what);
  }

  private static boolean isContentChanged(AuditStep step) {
    Facts old = step.before();
    Facts young = step.after();
    if (old.rows.replicaCount() != young.rows.replicaCount()) {
      return true;
    }
    for (int chunk : step.changed()) {
      for (int slot : young.rows.isChunk(chunk) ? young.slots(chunk) : new int[0]) {
        int before = step.before(slot);
        if (before == Facts.NONE || old.rows.since(before) != young.rows.since(slot)) {
          return true;
        }
      }
    }
    for (int worker : young.workers()) {
      long named =
          step.hasBothOfWorker(worker) ? old.worker(worker).row().publishedIncarnation() : 0;
      if (step.loads().copies()[worker] > 0 && named != young.worker(worker).incarnation()) {
        return true;
      }
    }
    return false;
  }
}
