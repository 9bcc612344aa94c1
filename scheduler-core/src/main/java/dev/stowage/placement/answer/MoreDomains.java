package dev.stowage.placement.answer;

import dev.stowage.placement.board.Board;
import dev.stowage.placement.fleet.DomainCount;
import dev.stowage.placement.fleet.DomainLimits;

/** The domains to add at the innermost sufficient level, numbered from 1 in the path. */
record MoreDomains(int level, boolean isInner, int count, int workersEach) {
  static MoreDomains of(Board board, int chunk, int missing) {
    DomainLimits limits = board.fleet.limits;
    int lacking = Math.max(1, missing - board.domains.mostMore(chunk, missing));
    int level = limits.levels() - 1;
    while (level > 0 && room(board, chunk, level, lacking) < lacking) {
      level--;
    }
    int each = limits.levels() == 1 ? Math.min(limits.most[0], lacking) : 1;
    int count = lacking / each + (lacking % each == 0 ? 0 : 1);
    return new MoreDomains(limits.levelNumbers[level], level > 0, count, each);
  }

  /** Returns how many more replicas the levels outside {@code level} admit. */
  private static int room(Board board, int chunk, int level, int upTo) {
    DomainLimits limits = board.fleet.limits;
    DomainCount count = new DomainCount(limits, board.fleet.count, level);
    board.domains.countAll(chunk, count);
    int taken = board.domains.mostMore(chunk, Integer.MAX_VALUE);
    long found = 0;
    for (int worker : board.fleet.order) {
      while (board.fleet.present[worker] && found < (long) taken + upTo && count.take(worker)) {
        found++;
      }
    }
    return (int) (found - taken);
  }

  String kind() {
    return " of level " + level + (isInner ? " inside domains that may have more of it" : "");
  }
}
