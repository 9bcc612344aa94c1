package dev.stowage.lifecycle.steps;

import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WorkerEntry;
import dev.stowage.model.WorkerId;

/** Sets commands of the log aside (section 8). */
public final class SettingAside {
  private final Tables tables;
  private final Journal journal;
  private final long tick;

  public SettingAside(Journal journal, long tick) {
    this.journal = journal;
    this.tick = tick;
    tables = journal.tables;
  }

  public Result.Answer setAside(LeaderCommand.SetAside it) {
    it.worker().ifPresent(worker -> settle(worker, it));
    return Result.Answer.of(ResultCode.ACCEPTED);
  }

  private void settle(WorkerId id, LeaderCommand.SetAside it) {
    if (tables.workers.find(id) < 0) {
      return;
    }
    it.diskId().ifPresent(disk -> new WorkerCommands(journal, tick).register(id, disk));
    int position = tables.workers.find(id);
    if (CommandKind.isReport(it) && tables.workers.entry(position).isRegistered()) {
      owe(journal.worker(position), it.lastReport());
    }
  }

  private void owe(WorkerEntry entry, long lastReport) {
    entry.owesInventory = true;
    entry.lastReport = Math.max(entry.lastReport, lastReport);
    entry.pending =
        entry.pending.stream()
            .filter(report -> report.kind() != PendingReport.Kind.INVENTORY && !report.isPart())
            .toList();
    if (!entry.isDeparted()) {
      entry.heardNow();
    }
    tables.work.reporting.add(entry.position);
    journal.touchAllOn(entry.position);
  }
}
