package dev.stowage.placement.board;

import dev.stowage.placement.fleet.Fill;

/** Domains of one chunk at levels that matter, from 0 (outermost). Stateless. */
public final class Zones {
  public static final int NONE = -1;

  private Zones() {}

  public static int levels(Board board) {
    return 1 + board.fleet.inner.length;
  }

  public static int domain(Board board, int worker, int level) {
    return level == 0 ? board.fleet.zone[worker] : board.fleet.inner[level - 1][worker];
  }

  public static int seen(Board board, int level) {
    return level == 0 ? board.zonesSeen : board.innerSeen[level - 1];
  }

  public static int wanted(Board board, int chunk, int level) {
    if (board.fleet.zones <= 1) {
      return 1;
    }
    int floor = board.chunks.floor(chunk);
    int eligibility = board.chunks.pool(chunk);
    return level == 0
        ? board.fleet.zonesWanted(floor, eligibility)
        : board.fleet.innerWanted(floor, eligibility, level - 1);
  }

  public static int lacking(Board board, int chunk) {
    for (int level = 0; level < levels(board); level++) {
      if (seen(board, level) < wanted(board, chunk, level)) {
        return level;
      }
    }
    return NONE;
  }

  /** Returns the outermost level gaining a lacking domain, or the number of levels. */
  public static int gained(Board board, int chunk, int worker, int lacking) {
    int levels = levels(board);
    for (int level = lacking; level < levels; level++) {
      boolean lacks = level == lacking || seen(board, level) < wanted(board, chunk, level);
      if (lacks && board.inNewDomain(worker, level)) {
        return level;
      }
    }
    return levels;
  }

  /** Reports whether the chunk in focus is spread no worse after a move. */
  public static boolean keepsSpread(Board board, int chunk, int from, int to) {
    return !board.isSpreadWanted(chunk) || compareMove(board, chunk, from, to) >= 0;
  }

  /** Returns below, at or above 0 as a move worsens, keeps or improves the spread. */
  public static int compareMove(Board board, int chunk, int from, int to) {
    for (int level = 0; level < levels(board); level++) {
      int wanted = wanted(board, chunk, level);
      int after = Math.min(wanted, afterMove(board, chunk, from, to, level));
      int order = Integer.compare(after, Math.min(wanted, seen(board, level)));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int afterMove(Board board, int chunk, int from, int to, int level) {
    int domains = seen(board, level);
    int slot = board.slots.find(chunk, from);
    boolean leaves =
        slot >= 0 && !board.fit.isMisplaced(chunk, from) && !isShared(board, chunk, slot, level);
    if (leaves && domain(board, from, level) != domain(board, to, level)) {
      domains--;
    }
    return board.inNewDomain(to, level) ? domains + 1 : domains;
  }

  public static boolean isShared(Board board, int chunk, int slot, int level) {
    int domain = domain(board, board.slots.worker(slot), level);
    int end = board.slots.end(chunk);
    for (int other = board.slots.begin(chunk); other < end; other++) {
      int worker = board.slots.worker(other);
      if (other != slot
          && domain(board, worker, level) == domain
          && Slots.isSound(board.slots.bits(other))
          && board.fleet.present[worker]
          && !board.fit.isMisplaced(chunk, worker)) {
        return true;
      }
    }
    return false;
  }

  public static boolean isFuller(Board board, int one, int other) {
    return compareHeads(board, one, other) < 0;
  }

  /** Compares the bytes below the level as fractions of capacity; the fuller worker comes first. */
  public static int compareHeads(Board board, int one, int other) {
    return compareHeads(board, one, 0, other, 0);
  }

  /** Compares as if each worker lay lower by the given bytes. */
  public static int compareHeads(Board board, int one, long less, int other, long otherLess) {
    return Fill.compare(
        board.head(one) + less,
        board.fleet.capacity[one],
        board.head(other) + otherLess,
        board.fleet.capacity[other]);
  }
}
