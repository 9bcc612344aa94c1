package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.placement.Search;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Searches;
import dev.stowage.placement.input.PairSet;
import java.util.Arrays;
import java.util.Set;

/** Finds chains of moves on an {@link Outlook}; complete for equal sizes (augmenting paths). */
final class OutlookChains {
  private static final int UNMET = -2;
  private static final int ROOT = -1;

  private final Outlook outlook;
  private final Board board;
  private final int[] parent;
  private final int[] carried;
  private final long[] need;

  private final int[] unmet;

  private int unmetCount;

  /** The worker at which the search ended, or -1. */
  private int end;

  private Set<Long> avoided = Set.of();

  private final Searches.Budget budget;

  OutlookChains(Outlook outlook) {
    this.outlook = outlook;
    board = outlook.board;
    parent = new int[board.fleet.count];
    carried = new int[parent.length];
    need = new long[parent.length];
    unmet = new int[parent.length];
    budget = board.searches.budget(Search.ROOM_FOR_NEW);
  }

  void begin() {
    budget.beginPart();
  }

  void avoid(Set<Long> pairs) {
    avoided = pairs;
  }

  /** Applies a shortest chain and places the chunk; false without changes if there is none. */
  boolean makeRoom(int chunk) {
    search(chunk);
    if (end < 0) {
      return false;
    }
    int mark = outlook.mark();
    boolean done = outlook.shed(end, need[end]);
    int at = end;
    while (done && parent[at] >= 0) {
      // Another replica of the chunk on this chain may have filled the domain.
      done = outlook.isOpen(carried[at], at, parent[at]);
      if (done) {
        outlook.move(carried[at], parent[at], at);
        at = parent[at];
      }
    }
    done = done && outlook.isOpen(chunk, at, ROOT);
    if (done) {
      outlook.place(chunk, at);
    } else {
      outlook.takeBackTo(mark);
    }
    return done;
  }

  private void search(int chunk) {
    long size = board.chunks.size[chunk];
    IntList roots = new IntList();
    for (int worker : board.pool(chunk).placeable) {
      if (board.fleet.capacity[worker] >= size && outlook.mayCome(chunk, worker, ROOT)) {
        roots.add(worker);
      }
    }
    searchFrom(roots, size);
    for (int i = 0; i < roots.size() && end < 0 && outlook.isMixed(size); i++) {
      searchFrom(roots.get(i), size);
    }
  }

  private void searchFrom(IntList roots, long size) {
    IntList open = new IntList();
    setOut(roots, size, open);
    for (int head = 0; head < open.size() && end < 0 && budget.goesOn(); head++) {
      int from = open.get(head);
      IntList chunks = outlook.chunksOn(from);
      for (int i = 0; i < chunks.size() && unmetCount > 0 && end < 0; i++) {
        if (mayLeave(chunks.get(i), from)) {
          reach(chunks.get(i), from, open);
        }
      }
    }
  }

  /** Searches from one worker, because with mixed sizes another chain may need less. */
  private void searchFrom(int root, long size) {
    IntList roots = new IntList(1);
    roots.add(root);
    IntList open = new IntList();
    setOut(roots, size, open);
    for (int head = 0; head < open.size() && end < 0 && budget.goesOn(); head++) {
      int from = open.get(head);
      IntList chunks = outlook.chunksOn(from);
      long useful = unmetCount > 0 ? Long.MAX_VALUE : largestNeed();
      for (int i = 0; i < chunks.size() && end < 0; i++) {
        boolean isUseful = board.chunks.size[chunks.get(i)] < useful;
        if (isUseful && mayLeave(chunks.get(i), from)) {
          reachWithLess(chunks.get(i), from, open);
        }
      }
    }
  }

  private void setOut(IntList roots, long size, IntList open) {
    end = -1;
    Arrays.fill(parent, UNMET);
    for (int i = 0; i < roots.size(); i++) {
      parent[roots.get(i)] = ROOT;
      need[roots.get(i)] = size;
      open.add(roots.get(i));
    }
    unmetCount = 0;
    for (int worker : board.fleet.order) {
      if (board.fleet.placeable[worker] && parent[worker] == UNMET) {
        unmet[unmetCount++] = worker;
      }
    }
  }

  /** Returns the largest unmet need of a reached worker, in bytes. */
  private long largestNeed() {
    long largest = 0;
    for (int worker : board.fleet.order) {
      boolean isFull = parent[worker] >= 0 && !outlook.hasRoom(worker, need[worker]);
      largest = isFull ? Math.max(largest, need[worker]) : largest;
    }
    return largest;
  }

  private boolean mayLeave(int moved, int from) {
    budget.spend(1);
    return outlook.suffices(from, board.chunks.size[moved], need[from])
        && outlook.mayLeave(moved, from);
  }

  private void reach(int moved, int from, IntList open) {
    int left = 0;
    for (int i = 0; i < unmetCount; i++) {
      int to = unmet[i];
      budget.spend(1);
      if (end < 0 && mayCome(moved, to, from)) {
        lead(moved, from, to, open);
      } else {
        unmet[left++] = to;
      }
    }
    unmetCount = left;
  }

  /** Revisits a worker with a smaller need, unless it has room already: earlier plans made that. */
  private void reachWithLess(int moved, int from, IntList open) {
    long size = board.chunks.size[moved];
    for (int to : board.pool(moved).placeable) {
      if (end >= 0) {
        return;
      }
      budget.spend(1);
      boolean isBetter =
          parent[to] == UNMET
              || (parent[to] >= 0 && size < need[to] && !outlook.hasRoom(to, need[to]));
      if (isBetter && !leadsThrough(to, from) && mayCome(moved, to, from)) {
        unmetCount -= parent[to] == UNMET ? 1 : 0;
        lead(moved, from, to, open);
      }
    }
  }

  private void lead(int moved, int from, int to, IntList open) {
    parent[to] = from;
    carried[to] = moved;
    need[to] = board.chunks.size[moved];
    open.add(to);
    end = outlook.couldHaveRoom(to, need[to]) ? to : -1;
  }

  private boolean mayCome(int moved, int to, int from) {
    budget.spend(board.fleet.limits.levels()); // the check of domains looks at each level
    return board.fleet.capacity[to] >= board.chunks.size[moved]
        && outlook.mayCome(moved, to, from)
        && (avoided.isEmpty() || !avoided.contains(PairSet.pair(moved, to)));
  }

  private boolean leadsThrough(int worker, int end) {
    int at = end;
    while (at >= 0 && at != worker) {
      at = parent[at];
    }
    return at == worker;
  }
}
