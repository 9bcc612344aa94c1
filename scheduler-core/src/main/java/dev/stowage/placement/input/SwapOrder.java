package dev.stowage.placement.input;

import dev.stowage.placement.SlotOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The pending swaps: new side by chunk, chunks by swap (ascending), and awaited swaps by swap. */
public record SwapOrder(Map<Integer, Integer> swapOf, int[][] sides, int[][] waits) {
  public int count() {
    return sides.length;
  }

  public int swapOf(int chunk) {
    return swapOf.isEmpty() ? -1 : swapOf.getOrDefault(chunk, -1);
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
        rests[swap] = waits.get(swap).stream().mapToInt(Integer::intValue).sorted().toArray();
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
