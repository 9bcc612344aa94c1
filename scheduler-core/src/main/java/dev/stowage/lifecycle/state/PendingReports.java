package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.model.ChunkNumber;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Accepted reports that no cycle has consumed; they count at once for queries. */
public final class PendingReports {
  private PendingReports() {}

  /**
   * Adds a report and drops those without effect on the next cycle, so that a worker keeps few: two
   * per applied assignment, two inventories, and {@link InventoryParts}. A loss before an applied
   * assignment yields to its missing chunks. Of reports of one assignment, and of inventories, the
   * last is current and the earlier ones, merged, prove former possession. Adjacent losses merge.
   */
  public static List<PendingReport> with(List<PendingReport> pending, PendingReport report) {
    List<PendingReport> kept = new ArrayList<>(pending);
    switch (report.kind()) {
      case LOST -> {
        if (!kept.isEmpty() && last(kept).kind() == PendingReport.Kind.LOST) {
          report = union(kept.remove(kept.size() - 1), report);
        }
      }
      case APPLIED -> makeRoomForApplied(kept, report);
      case INVENTORY -> {
        InventoryParts.dropAll(kept);
        foldInventories(kept);
      }
      case PART -> InventoryParts.makeRoomFor(kept, report);
    }
    kept.add(report);
    InventoryParts.dropReplaced(kept);
    return List.copyOf(kept);
  }

  private static void makeRoomForApplied(List<PendingReport> kept, PendingReport report) {
    if (!kept.isEmpty() && last(kept).kind() == PendingReport.Kind.LOST) {
      kept.remove(kept.size() - 1);
    }
    int size = kept.size();
    if (size > 1 && isSame(kept.get(size - 2), report) && isSame(kept.get(size - 1), report)) {
      PendingReport second = kept.remove(size - 1);
      Set<ChunkNumber> missing = new LinkedHashSet<>(kept.remove(size - 2).chunks());
      missing.retainAll(new HashSet<>(second.chunks()));
      kept.add(
          new PendingReport(
              second.kind(), second.number(), second.assignment(), new ArrayList<>(missing)));
    }
    while (!kept.isEmpty() && isCovered(last(kept), report)) {
      kept.remove(kept.size() - 1);
    }
  }

  private static void foldInventories(List<PendingReport> kept) {
    List<PendingReport> inventories =
        kept.stream().filter(each -> each.kind() == PendingReport.Kind.INVENTORY).toList();
    if (inventories.size() < 2) {
      return;
    }
    List<PendingReport> behind = kept.subList(kept.indexOf(inventories.get(0)), kept.size());
    List<PendingReport> losses =
        behind.stream().filter(each -> each.kind() == PendingReport.Kind.LOST).toList();
    behind.clear();
    inventories.stream().reduce(PendingReports::union).ifPresent(kept::add);
    losses.stream().reduce(PendingReports::union).ifPresent(kept::add);
  }

  /** Keeps losses, and missing chunks of applied assignments, which replaced earlier losses. */
  public static List<PendingReport> lossesOf(List<PendingReport> pending) {
    List<PendingReport> losses = new ArrayList<>();
    for (PendingReport report : pending) {
      if (report.kind() == PendingReport.Kind.APPLIED) {
        losses.clear();
      }
      boolean isOfDisk = report.kind() == PendingReport.Kind.INVENTORY || report.isPart();
      if (!isOfDisk && !report.chunks().isEmpty()) {
        losses.add(new PendingReport(PendingReport.Kind.LOST, report.number(), 0, report.chunks()));
      }
    }
    return List.copyOf(losses);
  }

  /** A worker may come back without the disk contents that it reported. */
  public static List<PendingReport> withoutDisks(List<PendingReport> pending) {
    return pending.stream()
        .filter(report -> report.kind() != PendingReport.Kind.INVENTORY && !report.isPart())
        .toList();
  }

  /** Returns the newest assignment that a worker reported as applied, waiting reports included. */
  public static long applied(WorkerRow worker) {
    long newest = worker.lastApplied();
    for (PendingReport report : worker.pending()) {
      if (report.kind() == PendingReport.Kind.APPLIED) {
        newest = report.assignment();
      } else if (report.kind() == PendingReport.Kind.INVENTORY) {
        newest = Math.max(newest, 0);
      }
    }
    return InventoryParts.isComplete(worker.pending()) ? Math.max(newest, 0) : newest;
  }

  private static PendingReport last(List<PendingReport> reports) {
    return reports.get(reports.size() - 1);
  }

  static PendingReport union(PendingReport older, PendingReport newer) {
    Set<ChunkNumber> all = new LinkedHashSet<>(older.chunks());
    all.addAll(newer.chunks());
    return new PendingReport(newer.kind(), newer.number(), 0, new ArrayList<>(all));
  }

  private static boolean isSame(PendingReport one, PendingReport other) {
    return one.kind() == other.kind() && one.assignment() == other.assignment();
  }

  private static boolean isCovered(PendingReport older, PendingReport newer) {
    return older.kind() == newer.kind()
        && new HashSet<>(older.chunks()).containsAll(newer.chunks());
  }

  public static boolean possessed(Tables tables, int slot) {
    WorkerRow holder = tables.workers.entry(tables.replicas.worker(slot));
    boolean missing = tables.replicas.isMissing(slot);
    long applied = holder.lastApplied();
    long since = tables.replicas.since(slot);
    if (holder.pending().isEmpty()) {
      return !missing && applied >= since;
    }
    ChunkNumber number = tables.chunks.facts.number(tables.replicas.chunk(slot));
    long complete = InventoryParts.complete(holder.pending());
    int last = InventoryParts.lastOf(holder.pending(), complete);
    boolean inParts = false;
    for (int at = 0; at < holder.pending().size(); at++) {
      PendingReport report = holder.pending().get(at);
      boolean named = number != null && report.chunks().contains(number);
      switch (report.kind()) {
        case APPLIED -> {
          applied = report.assignment();
          missing = named;
        }
        case LOST -> {
          missing |= named;
          inParts &= !named;
        }
        case PART -> inParts |= named && report.number() == complete;
        case INVENTORY -> {
          applied = Math.max(applied, 0);
          missing = !named;
          since = named ? Math.min(since, applied) : since;
        }
      }
      if (at == last) {
        applied = Math.max(applied, 0);
        missing = !inParts;
        since = inParts ? Math.min(since, applied) : since;
      }
    }
    return !missing && applied >= since;
  }
}
