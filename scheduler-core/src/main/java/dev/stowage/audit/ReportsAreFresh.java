package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import java.util.List;

/**
 * Step: an accepted report is of this lineage (except losses), this life of its worker, newer than
 * the last and not from the future; returned workers owe an inventory, and incomplete ones from
 * before are void (lifecycle design, sections 2 and 8).
 */
final class ReportsAreFresh implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    Command<?> command = step.accepted();
    if (command == null) {
      return;
    }
    if (command instanceof Command.Report report) {
      judge(step, command, report.header(), findings);
    } else if (command instanceof Command.Register register) {
      judgeReturn(step, register.worker(), findings);
    } else if (command instanceof LeaderCommand.BeginLineage) {
      judgeLineage(step, findings);
    }
  }

  private static void judge(
      AuditStep step, Command<?> command, ReportHeader header, Findings findings) {
    String subject = header.worker() + " report " + header.number();
    Facts before = step.before();
    int position = before.rows.workerPosition(header.worker());
    if (position < 0) {
      find(subject, "accepted from an unknown worker", findings);
      return;
    }
    boolean isPresent = header.lineage().equals(present(before.row));
    if (!isPresent && !(command instanceof Command.Lost)) {
      find(subject, "accepted from another lineage", findings);
    }
    WorkerFacts worker = before.worker(position);
    if (isPresent && header.incarnation().value() != worker.incarnation()) {
      find(subject, "accepted from another incarnation than " + worker.incarnation(), findings);
    }
    boolean goesOn =
        command instanceof Command.InventoryPart && header.number() == worker.sending();
    if (header.number() <= worker.row().lastReport() && !goesOn) {
      find(subject, "accepted after report " + worker.row().lastReport(), findings);
    }
    if (command instanceof Command.Applied applied) {
      long newest = before.row.workerAssignment();
      long last = worker.lastApplied();
      if (applied.id().value() > newest || applied.id().value() < last) {
        find(subject, "applies " + applied.id() + ", outside " + last + ".." + newest, findings);
      }
      if (worker.isUnproven() || !worker.isPresent()) {
        find(subject, "applies something although it owes an inventory", findings);
      }
    }
  }

  private static void judgeReturn(AuditStep step, WorkerId id, Findings findings) {
    int before = step.before().rows.workerPosition(id);
    int after = step.after().rows.workerPosition(id);
    if (after < 0) {
      return;
    }
    boolean wasAway = before >= 0 && !step.before().worker(before).isPresent();
    if (wasAway && !step.after().worker(after).isUnproven()) {
      find(id.value(), "is back from departure, but owes no inventory", findings);
    }
    if (step.after().worker(after).isSendingOpen()) {
      find(id.value(), "registered, but parts of an earlier inventory are still kept", findings);
    }
  }

  private static void judgeLineage(AuditStep step, Findings findings) {
    if (present(step.before().row).equals(present(step.after().row))) {
      return;
    }
    for (int position : step.after().workers()) {
      WorkerFacts worker = step.after().worker(position);
      if (!worker.isUnproven()) {
        find(worker.id().value(), "owes no inventory although a new lineage began", findings);
      }
      if (worker.sending() != 0) {
        find(
            worker.id().value(),
            "keeps parts of an inventory although a new lineage began",
            findings);
      }
    }
  }

  private static Lineage present(FleetRow row) {
    List<FleetRow.LineageRow> lineages = row.lineages();
    return lineages.get(lineages.size() - 1).token();
  }

  private static void find(String subject, String what, Findings findings) {
    findings.add(Invariant.BOUNDS_ARE_KEPT, subject, what);
  }
}
