package dev.stowage.lifecycle.steps;

import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.lifecycle.state.InventoryParts;
import dev.stowage.lifecycle.state.PendingReports;
import dev.stowage.lifecycle.state.PurgedLives;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says which reports are signs of life, and what the others are answered (section 9). */
public final class SignsOfLife {
  private final Tables tables;

  public SignsOfLife(Tables tables) {
    this.tables = tables;
  }

  /** Reports whether a worker is silent at {@code now}. */
  public boolean areWanted(long now) {
    long tick = Math.max(tables.time.counted(now), tables.fleet.largestTick());
    return Silence.isAnybodys(tables, tick);
  }

  /** Names in a cycle at {@code now} the workers that a waiting command shows to live. */
  public <R extends Result> Command<R> namedIn(
      Command<R> cycle, long now, Supplier<List<WorkerId>> shown) {
    if (!cycle.isCycle() || !areWanted(now)) {
      return cycle;
    }
    TreeSet<WorkerId> heard = new TreeSet<>(cycle.waiting());
    heard.addAll(shown.get());
    List<WorkerId> named = List.copyOf(heard);
    while (CommandLimits.isRefused(new LeaderCommand.Publish(0, named))) {
      named = named.subList(0, named.size() / 2);
    }
    return cycle.withWaiting(named);
  }

  /** Reports whether a registration names the disk that the worker is known to have. */
  public boolean isOfKnownDisk(Command.Register it) {
    // Another disk is no sign of the life that the books know.
    WorkerRow known = tables.workers.entry(it.worker());
    return known != null && known.isRegistered() && it.diskId().equals(known.diskId());
  }

  /** Returns why a heartbeat is refused; null if it is a sign of life. */
  public @Nullable ResultCode heartbeat(ReportHeader header) {
    ResultCode refused = refusal(header, null);
    if (refused == null && isToSendInventory(entry(header))) {
      refused = ResultCode.INVENTORY_WANTED;
    }
    return refused == null && isStale(header) ? ResultCode.STALE : refused;
  }

  /** Returns why a report of an applied assignment is refused; null if it is a sign of life. */
  public @Nullable ResultCode applied(ReportHeader header, long id) {
    ResultCode refused = refusal(header, PendingReport.Kind.APPLIED);
    if (refused == null && isInventoryWanted(entry(header))) {
      refused = ResultCode.INVENTORY_WANTED;
    }
    if (refused == null && id > tables.fleet.workerAssignment()) {
      refused = ResultCode.FROM_THE_FUTURE;
    }
    if (refused == null && (isStale(header) || id < PendingReports.applied(entry(header)))) {
      refused = ResultCode.STALE;
    }
    return refused;
  }

  /** Returns why a loss or a whole inventory is refused; null if it is a sign of life. */
  public @Nullable ResultCode disk(ReportHeader header, PendingReport.Kind kind) {
    ResultCode refused = refusal(header, kind);
    return refused == null && isStale(header) ? ResultCode.STALE : refused;
  }

  /**
   * Returns the answer to a part of an inventory that is no sign of life, else null. A repeated
   * part is none, because its time under way is unknown.
   */
  public Result.@Nullable Answer part(Command.InventoryPart part) {
    ReportHeader header = part.header();
    ResultCode refused = refusal(header, PendingReport.Kind.PART);
    if (refused != null) {
      return Result.Answer.of(refused);
    }
    List<PendingReport> pending = entry(header).pending();
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
    return null;
  }

  /** Reports whether a refused report is a sign of commits that the tables lack. */
  public boolean areOfLostHistory(Command.Report report, ResultCode code) {
    Lineage named = report.header().lineage();
    boolean isUnknown =
        tables.fleet.lineages().stream().noneMatch(known -> known.token().equals(named));
    return code == ResultCode.FROM_THE_FUTURE || (code == ResultCode.FOREIGN_LINEAGE && isUnknown);
  }

  private @Nullable ResultCode refusal(ReportHeader header, PendingReport.@Nullable Kind kind) {
    WorkerRow entry = tables.workers.entry(header.worker());
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
    if (!isForeign && header.incarnation().value() > entry.incarnation().value()) {
      return ResultCode.FROM_THE_FUTURE;
    }
    return null;
  }

  private WorkerRow entry(ReportHeader header) {
    return tables.workers.entry(tables.workers.find(header.worker()));
  }

  private boolean isStale(ReportHeader header) {
    return header.number() <= entry(header).lastReport();
  }

  private static boolean isInventoryWanted(WorkerRow entry) {
    return entry.owesInventory() || entry.isDeparted() || isDiskOnItsWay(entry);
  }

  private static boolean isToSendInventory(WorkerRow entry) {
    return entry.isDeparted() || (entry.owesInventory() && !isDiskOnItsWay(entry));
  }

  private static boolean isDiskOnItsWay(WorkerRow entry) {
    return !entry.pending().isEmpty() && entry.pending().stream().anyMatch(SignsOfLife::isOfDisk);
  }

  private static boolean isOfDisk(PendingReport report) {
    return report.kind() == PendingReport.Kind.INVENTORY || report.isPart();
  }
}
