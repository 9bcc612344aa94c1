package dev.stowage.lifecycle.steps;

import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.PendingReports;
import dev.stowage.lifecycle.state.Tables;
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
      owe(tables.workers.entry(position), it.lastReport());
    }
  }

  private void owe(WorkerRow known, long lastReport) {
    journal.worker(
        known.position(),
        it -> {
          it.with(WorkerRow.OWES_INVENTORY, true)
              .with(WorkerRow.LAST_REPORT, Math.max(known.lastReport(), lastReport))
              .with(WorkerRow.PENDING, PendingReports.withoutDisks(known.pending()));
          return known.isDeparted()
              ? it
              : it.with(WorkerRow.HEARD, true).with(WorkerRow.LAST_SEEN_TICK, WorkerRow.NOT_TOLD);
        });
    tables.work.reporting.add(known.position());
    journal.touchAllOn(known.position());
  }
}
