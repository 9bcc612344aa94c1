package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;

/**
 * Step: worker assignments are minted exactly on change, by cycles (lifecycle design, section 1).
 */
final class MintedOnChange implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    long old = step.before().header().newestWorkerAssignment();
    long young = step.after().header().newestWorkerAssignment();
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
    FleetSnapshot old = step.before();
    FleetSnapshot young = step.after();
    if (old.replicaCount() != young.replicaCount()) {
      return true;
    }
    int[] after = step.replicasAfter();
    for (int replica = 0; replica < after.length; replica++) {
      if (after[replica] < 0
          || old.replicas().since[replica] != young.replicas().since[after[replica]]) {
        return true;
      }
    }
    int[] copies = step.loads().copies();
    int[] workersBefore = step.workersBefore();
    for (int worker = 0; worker < copies.length; worker++) {
      int before = workersBefore[worker];
      long named = before < 0 ? 0 : old.workers().publishedIncarnation[before];
      if (copies[worker] > 0 && named != young.workers().incarnation[worker]) {
        return true;
      }
    }
    return false;
  }
}
