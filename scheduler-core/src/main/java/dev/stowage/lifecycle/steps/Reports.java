package dev.stowage.lifecycle.steps;

import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WorkerEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.pressure.PressureSnapshot;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accepts or refuses the reports of workers (section 2); cycles consume them later. */
public final class Reports {
  private final Tables tables;
  private final Journal journal;
  private final SignsOfLife signs;

  public Reports(Journal journal) {
    this.journal = journal;
    tables = journal.tables;
    signs = new SignsOfLife(tables);
  }

  public Result.Answer heartbeat(ReportHeader header, Optional<PressureSnapshot> pressure) {
    Result.Answer answer = accept(signs.heartbeat(header), header, null);
    if (!answer.isAccepted() || pressure.isEmpty()) {
      return answer;
    }
    WorkerEntry entry = tables.workers.entry(tables.workers.find(header.worker()));
    entry.pressure = entry.pressure.with(pressure.get());
    return new Result.Answer(ResultCode.ACCEPTED, pressure.get().complaints());
  }

  public Result.Answer applied(ReportHeader header, long id, List<ChunkNumber> missing) {
    ResultCode refused = signs.applied(header, id);
    long number = header.number();
    return accept(
        refused, header, new PendingReport(PendingReport.Kind.APPLIED, number, id, missing));
  }

  public Result.Answer lost(ReportHeader header, List<ChunkNumber> chunks) {
    return disk(header, PendingReport.Kind.LOST, chunks);
  }

  public Result.Answer inventory(ReportHeader header, List<ChunkNumber> chunks) {
    return disk(header, PendingReport.Kind.INVENTORY, chunks);
  }

  private Result.Answer disk(
      ReportHeader header, PendingReport.Kind kind, List<ChunkNumber> chunks) {
    ResultCode refused = signs.disk(header, kind);
    return accept(refused, header, new PendingReport(kind, header.number(), 0, chunks));
  }

  public Result.Answer part(Command.InventoryPart part) {
    Result.Answer answered = signs.part(part);
    ReportHeader header = part.header();
    return answered != null
        ? answered
        : accept(
            null,
            header,
            PendingReport.part(header.number(), part.place(), part.of(), part.chunks()));
  }

  private Result.Answer accept(
      @Nullable ResultCode refused, ReportHeader header, @Nullable PendingReport report) {
    if (refused != null) {
      return Result.Answer.of(refused);
    }
    WorkerEntry entry = journal.marks(tables.workers.find(header.worker()));
    entry.lastReport = Math.max(entry.lastReport, header.number());
    entry.heardNow();
    tables.work.reporting.add(entry.position);
    if (report != null) {
      entry.enqueue(report);
    }
    return Result.Answer.of(ResultCode.ACCEPTED);
  }
}
