package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.model.ChunkNumbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Inventories in parts: keeps the last complete sending and one later one. */
public final class InventoryParts {
  public static final long NONE = 0;

  private InventoryParts() {}

  public static long complete(List<PendingReport> pending) {
    for (int at = 0; at < pending.size(); at++) {
      PendingReport report = pending.get(at);
      if (report.isPart() && isComplete(pending, report.number())) {
        return report.number();
      }
    }
    return NONE;
  }

  public static boolean isComplete(List<PendingReport> pending) {
    return complete(pending) != NONE;
  }

  private static boolean isComplete(List<PendingReport> pending, long sending) {
    int parts = 0;
    int of = 1;
    for (PendingReport report : pending) {
      if (report.isPartOf(sending)) {
        parts++;
        of = report.of();
      }
    }
    return parts == of;
  }

  public static long newest(List<PendingReport> pending) {
    long newest = NONE;
    for (PendingReport report : pending) {
      newest = report.isPart() ? report.number() : newest;
    }
    return newest;
  }

  public static int lastOf(List<PendingReport> pending, long sending) {
    for (int at = pending.size() - 1; at >= 0; at--) {
      if (pending.get(at).isPartOf(sending)) {
        return at;
      }
    }
    return -1;
  }

  /** Leaves out numbers reported lost after the part that has them. */
  public static ChunkNumbers all(List<PendingReport> pending, long sending) {
    ChunkNumbers found = ChunkNumbers.of(List.of());
    List<ChunkNumbers> parts = new ArrayList<>();
    for (PendingReport report : pending.subList(0, lastOf(pending, sending) + 1)) {
      if (report.isPartOf(sending)) {
        parts.add(ChunkNumbers.of(report.chunks()));
      } else if (report.kind() == PendingReport.Kind.LOST && !parts.isEmpty()) {
        found = ChunkNumbers.union(parts).without(ChunkNumbers.of(report.chunks()));
        parts = new ArrayList<>(List.of(found));
      }
    }
    return parts.isEmpty() ? found : ChunkNumbers.union(parts);
  }

  /** Keeps only losses that a waiting inventory shows, so that pending reports stay bounded. */
  public static Optional<PendingReport> against(
      List<PendingReport> inventories, PendingReport report) {
    ChunkNumbers lost = ChunkNumbers.of(report.chunks());
    ChunkNumbers unseen = lost;
    for (PendingReport each : inventories) {
      unseen = isLost(each) ? unseen : unseen.without(ChunkNumbers.of(each.chunks()));
    }
    ChunkNumbers shown = lost.without(unseen);
    if (shown.size() == report.chunks().size()) {
      return Optional.of(report);
    }
    return shown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PendingReport(report.kind(), report.number(), report.assignment(), shown));
  }

  public static List<PendingReport> withoutOpen(List<PendingReport> pending) {
    if (pending.isEmpty()) {
      return List.of();
    }
    List<PendingReport> kept = new ArrayList<>(pending);
    long complete = complete(pending);
    drop(kept, part -> part.number() != complete);
    return List.copyOf(kept);
  }

  static void dropAll(List<PendingReport> kept) {
    drop(kept, part -> true);
  }

  static void makeRoomFor(List<PendingReport> kept, PendingReport part) {
    long complete = complete(kept);
    drop(kept, old -> old.number() != part.number() && old.number() != complete);
  }

  static void dropReplaced(List<PendingReport> kept) {
    long newest = newest(kept);
    if (newest != NONE && isComplete(kept, newest)) {
      drop(kept, part -> part.number() != newest);
    }
  }

  private static void drop(List<PendingReport> kept, Predicate<PendingReport> isGone) {
    if (!kept.removeIf(report -> report.isPart() && isGone.test(report))) {
      return;
    }
    for (int at = kept.size() - 1; at > 0; at--) {
      if (isLost(kept.get(at)) && isLost(kept.get(at - 1))) {
        PendingReport newer = kept.remove(at);
        kept.set(at - 1, PendingReports.union(kept.get(at - 1), newer));
      }
    }
  }

  private static boolean isLost(PendingReport report) {
    return report.kind() == PendingReport.Kind.LOST;
  }
}
