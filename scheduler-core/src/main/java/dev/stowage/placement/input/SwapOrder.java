package dev.stowage.placement.input;

import dev.stowage.columns.IntList;
import dev.stowage.placement.SlotOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  public static final class Draft {
    private final List<List<Integer>> sides = new ArrayList<>();
    private final List<List<Integer>> waits = new ArrayList<>();

    public int add() {
      sides.add(new ArrayList<>());
      waits.add(new ArrayList<>());
      return sides.size() - 1;
    }

    public void newSide(int chunk, int swap) {
      sides.get(Objects.checkIndex(swap, sides.size())).add(chunk);
    }

    public void waitsFor(int swap, int earlier) {
      Objects.checkIndex(earlier, sides.size());
      waits.get(Objects.checkIndex(swap, sides.size())).add(earlier);
    }

    SwapOrder sealed(SlotOrder canonical) {
      Map<Integer, Integer> swapOf = new HashMap<>();
      int[][] side = new int[sides.size()][];
      int[][] rests = new int[sides.size()][];
      for (int swap = 0; swap < side.length; swap++) {
        side[swap] = sides.get(swap).stream().mapToInt(Integer::intValue).sorted().toArray();
        rests[swap] =
            waits.get(swap).stream().mapToInt(Integer::intValue).sorted().distinct().toArray();
        for (int chunk : side[swap]) {
          if (swapOf.put(chunk, swap) != null) {
            throw new IllegalArgumentException("chunk " + chunk + " is on two new sides");
          }
        }
        Order.canonically(side[swap], 0, side[swap].length, canonical);
      }
      return new SwapOrder(swapOf, side, rests);
    }
  }
}
