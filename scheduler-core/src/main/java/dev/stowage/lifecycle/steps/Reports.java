package dev.stowage.lifecycle.steps;

import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.PendingReports;
import dev.stowage.lifecycle.state.Tables;
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
    int worker = tables.workers.find(header.worker());
    ObservedPressure said = tables.workers.entry(worker).pressure().with(pressure.get());
    journal.marks(worker, it -> WorkerRow.pressed(it, said));
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
    int worker = tables.workers.find(header.worker());
    WorkerRow known = tables.workers.entry(worker);
    journal.marks(
        worker,
        it -> {
          it.with(WorkerRow.LAST_REPORT, Math.max(known.lastReport(), header.number()));
          it.with(WorkerRow.HEARD, true).with(WorkerRow.LAST_SEEN_TICK, WorkerRow.NOT_TOLD);
          return report == null
              ? it
              : it.with(WorkerRow.PENDING, PendingReports.with(known.pending(), report));
        });
    tables.work.reporting.add(worker);
    return Result.Answer.of(ResultCode.ACCEPTED);
  }
}
