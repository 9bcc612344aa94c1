package dev.stowage.audit;

import dev.stowage.columns.IntList;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * The pending swaps of a snapshot as a graph from old chunks to their replacements, in topological
 * order (Kahn). Not thread-safe.
 */
final class PendingSwaps {
  private static final int UNRANKED = -1;

  private final SwapColumns swaps;
  private final int[] replacedBy;

  // The pending swap of highest rank that produces a chunk.
  private final int[] producedBy;

  private final int[] rank;
  private final boolean isCyclic;
  private final int[] seen;
  private final IntList open = new IntList();
  private int walks;
  private long steps;

  PendingSwaps(FleetSnapshot fleet) {
    swaps = fleet.swaps();
    int length = isAnyPending() ? fleet.chunkCount() : 0;
    replacedBy = new int[length];
    producedBy = new int[length];
    rank = new int[swaps.count];
    seen = new int[swaps.count];
    Arrays.fill(replacedBy, -1);
    Arrays.fill(producedBy, -1);
    Arrays.fill(rank, UNRANKED);
    for (int swap = 0; swap < swaps.count; swap++) {
      if (isPending(swap)) {
        for (int chunk : swaps.oldSide[swap]) {
          if (chunk >= 0) {
            replacedBy[chunk] = swap;
          }
        }
      }
    }
    isCyclic = !order();
  }

  private boolean isAnyPending() {
    for (int swap = 0; swap < swaps.count; swap++) {
      if (isPending(swap)) {
        return true;
      }
    }
    return false;
  }

  private boolean isPending(int swap) {
    return swaps.state[swap] == SwapColumns.PENDING;
  }

  /** Ranks the swaps; returns false if some wait for each other. */
  private boolean order() {
    int[] awaited = new int[swaps.count];
    int pending = 0;
    for (int swap = 0; swap < swaps.count; swap++) {
      if (isPending(swap)) {
        pending++;
        for (int chunk : swaps.newSide[swap]) {
          if (chunk >= 0 && replacedBy[chunk] >= 0) {
            awaited[replacedBy[chunk]]++;
          }
        }
      }
    }
    for (int swap = 0; swap < swaps.count; swap++) {
      if (isPending(swap) && awaited[swap] == 0) {
        open.add(swap);
      }
    }
    int ranked = 0;
    while (!open.isEmpty()) {
      int swap = open.removeLast();
      rank[swap] = ranked++;
      for (int chunk : swaps.newSide[swap]) {
        steps++;
        if (chunk >= 0) {
          producedBy[chunk] = swap;
          if (replacedBy[chunk] >= 0 && --awaited[replacedBy[chunk]] == 0) {
            open.add(replacedBy[chunk]);
          }
        }
      }
    }
    return ranked == pending;
  }

  /** Reports whether swaps wait for each other, which another check finds: then nothing is ranked. */
  boolean isCyclic() {
    return isCyclic;
  }

  /** Returns a number that rises along each path of an acyclic graph. */
  int rank(int chunk) {
    return producedBy.length == 0 || producedBy[chunk] < 0 ? UNRANKED : rank[producedBy[chunk]];
  }

  /** Reports whether a path of an acyclic graph leads from one chunk to another. */
  boolean leads(int from, int to) {
    steps++;
    if (replacedBy.length == 0 || replacedBy[from] < 0 || producedBy[to] < 0) {
      return false;
    }
    int last = producedBy[to];
    if (replacedBy[from] == last) {
      return true;
    }
    walks++;
    open.clear();
    push(replacedBy[from], rank[last]);
    while (!open.isEmpty()) {
      for (int next : swaps.newSide[open.removeLast()]) {
        steps++;
        if (next == to) {
          return true;
        }
        if (next >= 0 && replacedBy[next] >= 0) {
          push(replacedBy[next], rank[last]);
        }
      }
    }
    return false;
  }

  private void push(int swap, int highest) {
    if (rank[swap] <= highest && seen[swap] != walks) {
      seen[swap] = walks;
      open.add(swap);
    }
  }

  /** Visits the chunks to which paths of any graph lead from a chunk. */
  void reach(int from, IntConsumer visitor) {
    walks++;
    open.clear();
    if (replacedBy.length > 0 && replacedBy[from] >= 0) {
      push(replacedBy[from], Integer.MAX_VALUE);
    }
    while (!open.isEmpty()) {
      for (int next : swaps.newSide[open.removeLast()]) {
        steps++;
        if (next >= 0) {
          visitor.accept(next);
          if (replacedBy[next] >= 0) {
            push(replacedBy[next], Integer.MAX_VALUE);
          }
        }
      }
    }
  }

  /** Returns the number of chunks of new sides and of questions that were looked at so far. */
  long steps() {
    return steps;
  }
}
