package dev.stowage.lifecycle.steps;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.rows.PendingReport;
import dev.stowage.lifecycle.state.InventoryParts;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.PurgedLives;
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

  public Reports(Journal journal) {
    this.journal = journal;
    tables = journal.tables;
  }

  public Result.Answer heartbeat(ReportHeader header, Optional<PressureSnapshot> pressure) {
    ResultCode refused = refusal(header, null);
    if (refused == null && isToSendInventory(entry(header))) {
      refused = ResultCode.INVENTORY_WANTED;
    }
    if (refused == null && isStale(header)) {
      refused = ResultCode.STALE;
    }
    if (refused != null || pressure.isEmpty()) {
      return refused == null ? accept(header, null) : Result.Answer.of(refused);
    }
    accept(header, null);
    WorkerEntry entry = entry(header);
    entry.pressure = entry.pressure.with(pressure.get());
    return new Result.Answer(ResultCode.ACCEPTED, pressure.get().complaints());
  }

  public Result.Answer applied(ReportHeader header, long id, List<ChunkNumber> missing) {
    ResultCode refused = refusal(header, PendingReport.Kind.APPLIED);
    if (refused == null && isInventoryWanted(entry(header))) {
      refused = ResultCode.INVENTORY_WANTED;
    }
    if (refused == null && id > tables.fleet.workerAssignment) {
      refused = ResultCode.FROM_THE_FUTURE;
    }
    if (refused == null && (isStale(header) || id < entry(header).reportedApplied())) {
      refused = ResultCode.STALE;
    }
    if (refused != null) {
      return Result.Answer.of(refused);
    }
    long number = header.number();
    return accept(header, new PendingReport(PendingReport.Kind.APPLIED, number, id, missing));
  }

  public Result.Answer lost(ReportHeader header, List<ChunkNumber> chunks) {
    ResultCode refused = refusal(header, PendingReport.Kind.LOST);
    if (refused == null && isStale(header)) {
      refused = ResultCode.STALE;
    }
    if (refused != null) {
      return Result.Answer.of(refused);
    }
    long number = header.number();
    return accept(header, new PendingReport(PendingReport.Kind.LOST, number, 0, chunks));
  }

  public Result.Answer inventory(ReportHeader header, List<ChunkNumber> chunks) {
    ResultCode refused = refusal(header, PendingReport.Kind.INVENTORY);
    if (refused == null && isStale(header)) {
      refused = ResultCode.STALE;
    }
    if (refused != null) {
      return Result.Answer.of(refused);
    }
    long number = header.number();
    return accept(header, new PendingReport(PendingReport.Kind.INVENTORY, number, 0, chunks));
  }

  /** Treats a repeated part as no sign of life, because its time under way is unknown. */
  public Result.Answer part(Command.InventoryPart part) {
    ReportHeader header = part.header();
    ResultCode refused = refusal(header, PendingReport.Kind.PART);
    if (refused != null) {
      return Result.Answer.of(refused);
    }
    List<PendingReport> pending = entry(header).pending;
    boolean goesOn = InventoryParts.newest(pending) == header.number();
    if (!goesOn && isStale(header)) {
      return Result.Answer.of(ResultCode.STALE);
    }
    for (PendingReport known : pending) {
      if (known.isPartOf(header.number()) && known.of() != part.of()) {
        String why = "of is " + part.of() + "; earlier parts of this inventory say " + known.of();
        return new Result.Answer(ResultCode.INVALID, List.of(why));
      }
      if (known.isPartOf(header.number()) && known.place() == part.place()) {
        return Result.Answer.of(ResultCode.ACCEPTED);
      }
    }
    return accept(
        header, PendingReport.part(header.number(), part.place(), part.of(), part.chunks()));
  }

  /** Checks in the order of section 9. */
  private @Nullable ResultCode refusal(ReportHeader header, PendingReport.@Nullable Kind kind) {
    WorkerEntry entry = tables.workers.entry(header.worker());
    if (entry == null) {
      return ResultCode.UNKNOWN_WORKER;
    }
    if (header.incarnation().value() < PurgedLives.oldest(tables.fleet, entry)) {
      return ResultCode.OLD_INCARNATION;
    }
    boolean isForeign = !header.lineage().equals(tables.fleet.lineage());
    if (isForeign && kind != PendingReport.Kind.LOST) {
      return ResultCode.FOREIGN_LINEAGE;
    }
    if (!isForeign && header.incarnation().value() > entry.incarnation) {
      return ResultCode.FROM_THE_FUTURE;
    }
    return null;
  }

  private WorkerEntry entry(ReportHeader header) {
    return tables.workers.entry(tables.workers.find(header.worker()));
  }

  private boolean isStale(ReportHeader header) {
    return header.number() <= entry(header).lastReport;
  }

  private static boolean isInventoryWanted(WorkerEntry entry) {
    return entry.owesInventory || entry.isDeparted() || isDiskOnItsWay(entry);
  }

  private static boolean isToSendInventory(WorkerEntry entry) {
    return entry.isDeparted() || (entry.owesInventory && !isDiskOnItsWay(entry));
  }

  private static boolean isDiskOnItsWay(WorkerEntry entry) {
    return !entry.pending.isEmpty() && entry.pending.stream().anyMatch(Reports::isOfDisk);
  }

  private static boolean isOfDisk(PendingReport report) {
    return report.kind() == PendingReport.Kind.INVENTORY || report.isPart();
  }

  private Result.Answer accept(ReportHeader header, @Nullable PendingReport report) {
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
