package dev.stowage.placement.input;

import dev.stowage.columns.IntList;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/** The pending swaps: new side by chunk, chunks by swap (ascending), and awaited swaps by swap. */
public record SwapOrder(Map<Integer, Integer> swapOf, int[][] sides, int[][] waits) {
  public int count() {
    return sides.length;
  }

  public int swapOf(int chunk) {
    return swapOf.isEmpty() ? -1 : swapOf.getOrDefault(chunk, -1);
  }

  /**
   * Walks from a swap to all that it waits for, in depth and without recursion: enters one if
   * {@code enters} passes, leaves it after those that it waits for, and asks for no further one
   * once {@code stops} passes for one of these.
   */
  public void descend(int swap, IntPredicate enters, IntPredicate stops, IntConsumer leaves) {
    if (!enters.test(swap)) {
      return;
    }
    IntList path = new IntList();
    IntList asked = new IntList();
    path.add(swap);
    asked.add(0);
    while (!path.isEmpty()) {
      int top = path.size() - 1;
      int at = path.get(top);
      int next = asked.get(top);
      boolean isStopped = next > 0 && stops.test(waits[at][next - 1]);
      if (next == waits[at].length || isStopped) {
        path.removeLast();
        asked.removeLast();
        leaves.accept(at);
      } else {
        asked.set(top, next + 1);
        if (enters.test(waits[at][next])) {
          path.add(waits[at][next]);
          asked.add(0);
        }
      }
    }
  }

  public static int[] largestFirst(int[] side, ChunkColumns chunks) {
    return Arrays.stream(side)
        .boxed()
        .sorted(Comparator.comparingLong((Integer chunk) -> -chunks.size[chunk]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * Returns {@code count} swaps by pairs of a chunk and its swap, and of a swap and one it waits
   * for; throws {@code IllegalArgumentException} if a chunk is on two new sides.
   */
  static SwapOrder of(int count, int[] newSides, int[] waits, SlotOrder canonical) {
    Map<Integer, Integer> swapOf = new HashMap<>();
    IntList[] sides = new IntList[count];
    IntList[] awaited = new IntList[count];
    for (int swap = 0; swap < count; swap++) {
      sides[swap] = new IntList();
      awaited[swap] = new IntList();
    }
    for (int i = 0; i < newSides.length; i += 2) {
      if (swapOf.put(newSides[i], newSides[i + 1]) != null) {
        throw new IllegalArgumentException("chunk " + newSides[i] + " is on two new sides");
      }
      sides[newSides[i + 1]].add(newSides[i]);
    }
    for (int i = 0; i < waits.length; i += 2) {
      awaited[waits[i]].add(waits[i + 1]);
    }
    int[][] side = new int[count][];
    int[][] rests = new int[count][];
    for (int swap = 0; swap < count; swap++) {
      side[swap] = Arrays.stream(sides[swap].toArray()).sorted().toArray();
      Order.canonically(side[swap], 0, side[swap].length, canonical);
      rests[swap] = Arrays.stream(awaited[swap].toArray()).sorted().distinct().toArray();
    }
    return new SwapOrder(swapOf, side, rests);
  }
}
