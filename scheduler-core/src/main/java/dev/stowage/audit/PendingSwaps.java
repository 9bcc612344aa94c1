package dev.stowage.audit;

import java.util.Arrays;

/** The pending swaps of a snapshot as a graph from old chunks to their replacements. */
final class PendingSwaps {
  private final SwapColumns swaps;
  private final int[] replacedBy;

  PendingSwaps(FleetSnapshot fleet) {
    swaps = fleet.swaps();
    replacedBy = new int[fleet.chunkCount()];
    Arrays.fill(replacedBy, -1);
    for (int swap = 0; swap < swaps.count; swap++) {
      if (swaps.state[swap] == SwapColumns.PENDING) {
        for (int chunk : swaps.oldSide[swap]) {
          if (chunk >= 0) {
            replacedBy[chunk] = swap;
          }
        }
      }
    }
  }

  boolean relate(int one, int other) {
    return leads(one, other) || leads(other, one);
  }

  private boolean leads(int from, int to) {
    boolean[] seen = new boolean[swaps.count];
    return leads(from, to, seen);
  }

  // The guard ends a cycle in the graph, which another check reports.
  private boolean leads(int from, int to, boolean[] seen) {
    int swap = replacedBy[from];
    if (swap < 0 || seen[swap]) {
      return false;
    }
    seen[swap] = true;
    for (int next : swaps.newSide[swap]) {
      if (next == to || (next >= 0 && leads(next, to, seen))) {
        return true;
      }
    }
    return false;
  }
}
