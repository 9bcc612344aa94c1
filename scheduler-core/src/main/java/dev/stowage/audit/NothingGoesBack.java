package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.command.Command;
import dev.stowage.lifecycle.rows.FleetRow;

/** Step: ids, watermark, incarnations and ticks only rise (lifecycle design, sections 1 and 2). */
final class NothingGoesBack implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    FleetRow old = step.before().row;
    FleetRow young = step.after().row;
    judge("worker assignment", old.workerAssignment(), young.workerAssignment(), findings);
    judge("portal assignment", old.portalAssignment(), young.portalAssignment(), findings);
    judge("watermark", old.watermark(), young.watermark(), findings);
    if (!(step.accepted() instanceof Command.ResetTime)) {
      judge("tick", old.largestTick(), young.largestTick(), findings);
    }
    for (int worker : step.before().workers()) {
      if (step.hasBothOfWorker(worker)) {
        WorkerFacts after = step.after().worker(worker);
        judge(
            "incarnation of " + after.id(),
            step.before().worker(worker).incarnation(),
            after.incarnation(),
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
    Facts fleet = step.after();
    long watermark = fleet.row.watermark();
    int percent = fleet.config().confirmation().quorumPercent();
    int counted = 0;
    int applied = 0;
    for (int worker : fleet.workers()) {
      boolean isCounted = fleet.worker(worker).isCounted();
      counted += isCounted ? 1 : 0;
      applied += isCounted && fleet.worker(worker).lastApplied() >= watermark ? 1 : 0;
    }
    boolean isEnough = 100L * applied >= (long) percent * counted && applied > 0;
    boolean isOfNone = percent == 0 && watermark <= step.before().row.workerAssignment();
    if (fleet.isPerWorker() || (!isOfNone && !isEnough)) {
      findings.add(
          Invariant.BOUNDS_ARE_KEPT,
          "watermark",
          "rose to "
              + watermark
              + ", which only "
              + applied
              + " of "
              + counted
              + " counted workers have applied");
    }
  }
}
