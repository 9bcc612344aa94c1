package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.rows.PendingReport;
import dev.stowage.model.ChunkNumbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Inventories in parts among the reports that wait. All parts of a sending bear its number; it is
 * complete once as many are there as each says there are, and is an inventory then, at the place of
 * its last part. Of complete sendings the last one is kept, of others one, which came after it.
 */
public final class InventoryParts {
  /** No sending has this number. */
  public static final long NONE = 0;

  private InventoryParts() {}

  /** The number of the sending that is complete; {@link #NONE} if none is. */
  public static long complete(List<PendingReport> pending) {
    for (int at = 0; at < pending.size(); at++) {
      PendingReport report = pending.get(at);
      if (report.isPart() && isComplete(pending, report.number())) {
        return report.number();
      }
    }
    return NONE;
  }

  /** Whether one is. */
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

  /** The number of the sending that a part came of last; {@link #NONE} if none did. */
  public static long newest(List<PendingReport> pending) {
    long newest = NONE;
    for (PendingReport report : pending) {
      newest = report.isPart() ? report.number() : newest;
    }
    return newest;
  }

  /** Where the last part of a sending is; -1 if there is none. */
  public static int lastOf(List<PendingReport> pending, long sending) {
    for (int at = pending.size() - 1; at >= 0; at--) {
      if (pending.get(at).isPartOf(sending)) {
        return at;
      }
    }
    return -1;
  }

  /**
   * All that the parts of a sending found, but for what was reported lost behind the part that has
   * it.
   */
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

  /**
   * What a report that was taken in stands for behind inventories that wait: of losses those that
   * one of them shows, so that what waits stays bounded however long that is.
   */
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

  /** The reports without the parts of a sending that is not complete. */
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

  /** The first part of another sending drops one that is not complete. */
  static void makeRoomFor(List<PendingReport> kept, PendingReport part) {
    long complete = complete(kept);
    drop(kept, old -> old.number() != part.number() && old.number() != complete);
  }

  /** A complete one replaces those before it. */
  static void dropReplaced(List<PendingReport> kept) {
    long newest = newest(kept);
    if (newest != NONE && isComplete(kept, newest)) {
      drop(kept, part -> part.number() != newest);
    }
  }

  /** What was lost between parts that go makes one report. */
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
