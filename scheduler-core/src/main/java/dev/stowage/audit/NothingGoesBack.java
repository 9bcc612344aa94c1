package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.command.Command;

/** Step: ids, watermark, incarnations and ticks only rise (lifecycle design, sections 1 and 2). */
final class NothingGoesBack implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    FleetSnapshot.Header old = step.before().header();
    FleetSnapshot.Header young = step.after().header();
    judge(
        "worker assignment",
        old.newestWorkerAssignment(),
        young.newestWorkerAssignment(),
        findings);
    judge(
        "portal assignment",
        old.newestPortalAssignment(),
        young.newestPortalAssignment(),
        findings);
    judge("watermark", old.watermark(), young.watermark(), findings);
    if (!(step.accepted() instanceof Command.ResetTime)) {
      judge("tick", old.tick(), young.tick(), findings);
    }
    for (int worker = 0; worker < step.before().workerCount(); worker++) {
      int after = step.workerAfter(worker);
      if (after >= 0) {
        judge(
            "incarnation of " + step.after().workers().id[after],
            step.before().workers().incarnation[worker],
            step.after().workers().incarnation[after],
            findings);
      }
    }
    if (young.watermark() > old.watermark()) {
      judgeQuorum(step, findings);
    }
  }

  private static void judge(String what, long before, long after, Findings findings) {
    if (after < before) {
      findings.add(Invariant.BOUNDS_ARE_KEPT, what, "went back from " + before + " to " + after);
    }
  }

  // With a quorum of no workers the newest assignment before the cycle is the watermark.
  private static void judgeQuorum(AuditStep step, Findings findings) {
    WorkerColumns workers = step.after().workers();
    FleetSnapshot.Header header = step.after().header();
    int percent = header.quorumPercent();
    int counted = 0;
    int applied = 0;
    for (int worker = 0; worker < workers.count; worker++) {
      boolean isCounted = workers.isCounted(worker);
      counted += isCounted ? 1 : 0;
      applied += isCounted && workers.lastApplied[worker] >= header.watermark() ? 1 : 0;
    }
    boolean isEnough = 100L * applied >= (long) percent * counted && applied > 0;
    boolean isOfNone =
        percent == 0 && header.watermark() <= step.before().header().newestWorkerAssignment();
    if (percent == FleetSnapshot.NONE || (!isOfNone && !isEnough)) {
      findings.add(
          Invariant.BOUNDS_ARE_KEPT,
          "watermark",
          "rose to "
              + header.watermark()
              + ", which only "
              + applied
              + " of "
              + counted
              + " counted workers have applied");
    }
  }
}
