package dev.stowage.audit;

import dev.stowage.columns.IntList;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The pending swaps of a state as a graph from old chunks to their replacements, in topological
 * order (Kahn). Not thread-safe.
 */
final class PendingSwaps {
  private static final int UNRANKED = -1;

  // The chunks of the new side of each pending swap.
  private final List<int[]> newSides = new ArrayList<>();

  private final Map<Integer, Integer> replacedBy = new HashMap<>();

  // The pending swap of highest rank that produces a chunk.
  private final Map<Integer, Integer> producedBy = new HashMap<>();

  private final int[] rank;
  private final boolean isCyclic;
  private final int[] seen;
  private final IntList open = new IntList();
  private int walks;
  private long steps;

  PendingSwaps(Facts fleet) {
    for (SwapRow swap : fleet.swaps()) {
      if (swap.isPending()) {
        for (int chunk : side(fleet, swap.oldChunks())) {
          replacedBy.put(chunk, newSides.size());
        }
        newSides.add(side(fleet, swap.newChunks()));
      }
    }
    rank = new int[newSides.size()];
    seen = new int[newSides.size()];
    Arrays.fill(rank, UNRANKED);
    isCyclic = !order();
  }

  private static int[] side(Facts fleet, List<ChunkKey> keys) {
    return keys.stream().mapToInt(fleet::position).filter(chunk -> chunk >= 0).toArray();
  }

  /** Ranks the swaps; returns false if some wait for each other. */
  private boolean order() {
    int[] awaited = new int[newSides.size()];
    for (int[] side : newSides) {
      for (int chunk : side) {
        if (replacedBy.containsKey(chunk)) {
          awaited[replacedBy.get(chunk)]++;
        }
      }
    }
    for (int swap = 0; swap < awaited.length; swap++) {
      if (awaited[swap] == 0) {
        open.add(swap);
      }
    }
    int ranked = 0;
    while (!open.isEmpty()) {
      int swap = open.removeLast();
      rank[swap] = ranked++;
      for (int chunk : newSides.get(swap)) {
        steps++;
        producedBy.put(chunk, swap);
        Integer next = replacedBy.get(chunk);
        if (next != null && --awaited[next] == 0) {
          open.add(next);
        }
      }
    }
    return ranked == awaited.length;
  }

  /**
   * Reports whether swaps wait for each other, which another check finds: then nothing is ranked.
   */
  boolean isCyclic() {
    return isCyclic;
  }

  /** Returns a number that rises along each path of an acyclic graph. */
  int rank(int chunk) {
    Integer swap = producedBy.get(chunk);
    return swap == null ? UNRANKED : rank[swap];
  }

  /** Reports whether a path of an acyclic graph leads from one chunk to another. */
  boolean leads(int from, int to) {
    steps++;
    Integer first = replacedBy.get(from);
    Integer last = producedBy.get(to);
    if (first == null || last == null || first.equals(last)) {
      return first != null && last != null;
    }
    walks++;
    open.clear();
    push(first, rank[last]);
    while (!open.isEmpty()) {
      for (int next : newSides.get(open.removeLast())) {
        steps++;
        if (next == to) {
          return true;
        }
        push(replacedBy.get(next), rank[last]);
      }
    }
    return false;
  }

  private void push(@Nullable Integer swap, int highest) {
    if (swap != null && rank[swap] <= highest && seen[swap] != walks) {
      seen[swap] = walks;
      open.add(swap);
    }
  }

  /** Visits the chunks to which paths of any graph lead from a chunk. */
  void reach(int from, IntConsumer visitor) {
    walks++;
    open.clear();
    push(replacedBy.get(from), Integer.MAX_VALUE);
    while (!open.isEmpty()) {
      for (int next : newSides.get(open.removeLast())) {
        steps++;
        visitor.accept(next);
        push(replacedBy.get(next), Integer.MAX_VALUE);
      }
    }
  }

  /** Returns the number of chunks of new sides and of questions that were looked at so far. */
  long steps() {
    return steps;
  }
}
