package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
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
    int worker = positionOf(step.before().workers(), header.worker());
    if (worker < 0) {
      find(subject, "accepted from an unknown worker", findings);
      return;
    }
    boolean isPresent = header.lineage().equals(present(step.before().row()));
    if (!isPresent && !(command instanceof Command.Lost)) {
      find(subject, "accepted from another lineage", findings);
    }
    WorkerColumns workers = step.before().workers();
    if (isPresent && header.incarnation().value() != workers.incarnation[worker]) {
      find(
          subject,
          "accepted from another incarnation than " + workers.incarnation[worker],
          findings);
    }
    boolean goesOn =
        command instanceof Command.InventoryPart && header.number() == workers.sending[worker];
    if (header.number() <= workers.lastReport[worker] && !goesOn) {
      find(subject, "accepted after report " + workers.lastReport[worker], findings);
    }
    if (command instanceof Command.Applied applied) {
      long newest = step.before().header().newestWorkerAssignment();
      long last = workers.lastApplied[worker];
      if (applied.id().value() > newest || applied.id().value() < last) {
        find(subject, "applies " + applied.id() + ", outside " + last + ".." + newest, findings);
      }
      if (workers.unproven[worker] || workers.status[worker] == WorkerStatus.DEPARTED) {
        find(subject, "applies something although it owes an inventory", findings);
      }
    }
  }

  private static void judgeReturn(AuditStep step, WorkerId id, Findings findings) {
    int before = positionOf(step.before().workers(), id);
    int after = positionOf(step.after().workers(), id);
    boolean wasAway =
        before >= 0 && step.before().workers().status[before] == WorkerStatus.DEPARTED;
    if (wasAway && !step.after().workers().unproven[after]) {
      find(id.value(), "is back from departure, but owes no inventory", findings);
    }
    if (after >= 0 && step.after().workers().sendingIsOpen[after]) {
      find(id.value(), "registered, but parts of an earlier inventory are still kept", findings);
    }
  }

  private static void judgeLineage(AuditStep step, Findings findings) {
    if (present(step.before().row()).equals(present(step.after().row()))) {
      return;
    }
    WorkerColumns workers = step.after().workers();
    for (int worker = 0; worker < workers.count; worker++) {
      if (!workers.unproven[worker]) {
        find(
            workers.id[worker].value(), "owes no inventory although a new lineage began", findings);
      }
      if (workers.sending[worker] != 0) {
        find(
            workers.id[worker].value(),
            "keeps parts of an inventory although a new lineage began",
            findings);
      }
    }
  }

  private static Lineage present(FleetRow row) {
    List<FleetRow.LineageRow> lineages = row.lineages();
    return lineages.get(lineages.size() - 1).token();
  }

  private static int positionOf(WorkerColumns workers, WorkerId id) {
    for (int worker = 0; worker < workers.count; worker++) {
      if (workers.id[worker].equals(id)) {
        return worker;
      }
    }
    return -1;
  }

  private static void find(String subject, String what, Findings findings) {
    findings.add(Invariant.BOUNDS_ARE_KEPT, subject, what);
  }
}
