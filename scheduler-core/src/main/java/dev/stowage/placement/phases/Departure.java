package dev.stowage.placement.phases;

import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Zones;
import dev.stowage.placement.fleet.DomainCount;

/** Domain checks for moving one replica of the chunk in focus, until focus or chunk change. */
final class Departure {
  private final Board board;
  private final DomainCount others;

  /** By level: the wanted domains, the present ones, and true if one is left with the replica. */
  private final int[] wanted;

  private final int[] seen;
  private final boolean[] leaves;
  private int from;
  private boolean isSpread;

  Departure(Board board) {
    this.board = board;
    others = new DomainCount(board.fleet.limits, board.fleet.count);
    wanted = new int[Zones.levels(board)];
    seen = new int[wanted.length];
    leaves = new boolean[wanted.length];
  }

  void of(int chunk, int slot) {
    from = board.slots.worker(slot);
    isSpread = board.isSpreadWanted(chunk);
    for (int level = 0; isSpread && level < wanted.length; level++) {
      wanted[level] = Zones.wanted(board, chunk, level);
      seen[level] = Zones.seen(board, level);
      leaves[level] =
          !board.fit.isMisplaced(chunk, from) && !Zones.isShared(board, chunk, slot, level);
    }
    if (board.domains.isAny()) {
      others.clear();
      for (int other = board.slots.begin(chunk); other < board.slots.end(chunk); other++) {
        if (other != slot && board.domains.counts(chunk, other)) {
          others.add(board.slots.worker(other));
        }
      }
    }
  }

  boolean mayGoTo(int worker) {
    return (!board.domains.isAny() || others.admits(worker)) && (!isSpread || keepsSpread(worker));
  }

  private boolean keepsSpread(int worker) {
    for (int level = 0; level < wanted.length; level++) {
      int after = seen[level] + (board.inNewDomain(worker, level) ? 1 : 0);
      boolean isLeft =
          leaves[level] && Zones.domain(board, from, level) != Zones.domain(board, worker, level);
      int order =
          Integer.compare(
              Math.min(wanted[level], isLeft ? after - 1 : after),
              Math.min(wanted[level], seen[level]));
      if (order != 0) {
        return order > 0;
      }
    }
    return true;
  }
}
