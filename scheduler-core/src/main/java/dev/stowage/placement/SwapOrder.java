package dev.stowage.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The pending swaps: which chunks form their new sides, and which swap rests on which.
 *
 * @param swapOf the swap whose new side a chunk belongs to, -1 for none; empty without swaps
 * @param sides the chunks of each swap's new side, ascending
 * @param waits the swaps that each swap rests on
 */
record SwapOrder(int[] swapOf, int[][] sides, int[][] waits) {
  int count() {
    return sides.length;
  }

  int swapOf(int chunk) {
    return swapOf.length == 0 ? -1 : swapOf[chunk];
  }

  /** Collects swaps. */
  static final class Draft {
    private final List<List<Integer>> sides = new ArrayList<>();
    private final List<List<Integer>> waits = new ArrayList<>();

    int add() {
      sides.add(new ArrayList<>());
      waits.add(new ArrayList<>());
      return sides.size() - 1;
    }

    void newSide(int chunk, int swap) {
      sides.get(Objects.checkIndex(swap, sides.size())).add(chunk);
    }

    void waitsFor(int swap, int earlier) {
      Objects.checkIndex(earlier, sides.size());
      waits.get(Objects.checkIndex(swap, sides.size())).add(earlier);
    }

    SwapOrder sealed(int chunks) {
      if (sides.isEmpty()) {
        return new SwapOrder(new int[0], new int[0][], new int[0][]);
      }
      int[] swapOf = new int[chunks];
      Arrays.fill(swapOf, -1);
      int[][] side = new int[sides.size()][];
      int[][] rests = new int[sides.size()][];
      for (int swap = 0; swap < side.length; swap++) {
        side[swap] = sides.get(swap).stream().mapToInt(Integer::intValue).sorted().toArray();
        rests[swap] = waits.get(swap).stream().mapToInt(Integer::intValue).sorted().toArray();
        for (int chunk : side[swap]) {
          if (swapOf[chunk] != -1) {
            throw new IllegalArgumentException("chunk " + chunk + " is on two new sides");
          }
          swapOf[chunk] = swap;
        }
      }
      return new SwapOrder(swapOf, side, rests);
    }
  }
}
