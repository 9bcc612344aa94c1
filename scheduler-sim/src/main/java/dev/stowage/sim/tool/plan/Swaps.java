package dev.stowage.sim.tool.plan;

import dev.stowage.model.ChunkKey;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The pending swaps that the column {@code replaces} describes: equal old sides are one swap. */
final class Swaps {
  static final Swaps NONE = new Swaps(0);

  private static final int NO_SWAP = -1;

  private final List<List<Integer>> oldSides = new ArrayList<>();
  private final int[] producedBy;
  private final int[] replacedBy;

  private Swaps(int chunks) {
    producedBy = new int[chunks];
    replacedBy = new int[chunks];
    Arrays.fill(producedBy, NO_SWAP);
    Arrays.fill(replacedBy, NO_SWAP);
  }

  static Swaps of(ChunkList chunks, String file, ProblemList problems) {
    Swaps swaps = new Swaps(chunks.count());
    Map<List<Integer>, Integer> numbers = new LinkedHashMap<>();
    for (int chunk = 0; chunk < chunks.count(); chunk++) {
      ChunkList.Row row = chunks.row(chunk);
      TreeSet<Integer> old = new TreeSet<>();
      for (String id : row.replaces()) {
        int replaced = position(chunks, row, id);
        if (replaced < 0 || replaced == chunk) {
          String expected = "ids of other chunks of the dataset";
          problems.add(problem(file, row, expected, InputProblem.quoted(id)));
        } else {
          old.add(replaced);
        }
      }
      if (!old.isEmpty()) {
        List<Integer> side = List.copyOf(old);
        int number = numbers.computeIfAbsent(side, key -> numbers.size());
        if (number == swaps.oldSides.size()) {
          swaps.oldSides.add(side);
        }
        swaps.producedBy[chunk] = number;
        swaps.claim(chunks, row, number, new Report(file, problems));
      }
    }
    swaps.refuseCircles(chunks, new Report(file, problems));
    return swaps;
  }

  private record Report(String file, ProblemList problems) {}

  private static int position(ChunkList chunks, ChunkList.Row row, String id) {
    try {
      return chunks.position(new ChunkKey(row.chunk().key().dataset(), id));
    } catch (IllegalArgumentException noName) {
      return -1;
    }
  }

  private void claim(ChunkList chunks, ChunkList.Row row, int number, Report report) {
    for (int old : oldSides.get(number)) {
      if (replacedBy[old] != NO_SWAP && replacedBy[old] != number) {
        String id = InputProblem.quoted(chunks.row(old).chunk().key().id());
        report.problems.add(
            problem(
                report.file,
                row,
                "chunks that no other swap replaces",
                id + ", which is also on another old side"));
      }
      replacedBy[old] = number;
    }
  }

  /** Records a problem for each circle of swaps, which could never fire. */
  private void refuseCircles(ChunkList chunks, Report report) {
    byte[] seen = new byte[oldSides.size()];
    for (int chunk = 0; chunk < chunks.count(); chunk++) {
      int swap = producedBy[chunk];
      if (swap != NO_SWAP && seen[swap] == 0 && closesCircle(swap, seen)) {
        report.problems.add(
            problem(
                report.file,
                chunks.row(chunk),
                "swaps that can fire one after the other",
                "a circle of swaps"));
      }
    }
  }

  /** Walks the swaps that a swap depends on, without recursion: a chain may be long. */
  private boolean closesCircle(int start, byte[] seen) {
    List<int[]> path = new ArrayList<>();
    path.add(new int[] {start, 0});
    seen[start] = 1;
    boolean circle = false;
    while (!path.isEmpty()) {
      int[] top = path.get(path.size() - 1);
      List<Integer> side = oldSides.get(top[0]);
      if (top[1] == side.size()) {
        seen[top[0]] = 2;
        path.remove(path.size() - 1);
        continue;
      }
      int earlier = producedBy[side.get(top[1]++)];
      if (earlier != NO_SWAP && seen[earlier] == 0) {
        seen[earlier] = 1;
        path.add(new int[] {earlier, 0});
      } else if (earlier != NO_SWAP) {
        circle |= seen[earlier] == 1;
      }
    }
    return circle;
  }

  private static InputProblem problem(
      String file, ChunkList.Row row, String expected, String found) {
    return new InputProblem(file, row.line(), PlanFields.REPLACES, expected, found);
  }

  int count() {
    return oldSides.size();
  }

  List<Integer> oldSide(int swap) {
    return oldSides.get(swap);
  }

  /** Returns the swap whose new side a chunk belongs to, or -1. */
  int producing(int chunk) {
    return producedBy[chunk];
  }

  boolean isReplaced(int chunk) {
    return replacedBy[chunk] != NO_SWAP;
  }

  boolean areInOneChain(int one, int other) {
    return descends(one, other) || descends(other, one);
  }

  private boolean descends(int chunk, int ancestor) {
    ArrayDeque<Integer> open = new ArrayDeque<>();
    TreeSet<Integer> seen = new TreeSet<>();
    open.add(chunk);
    while (!open.isEmpty()) {
      int next = open.remove();
      int swap = producedBy[next];
      if (swap == NO_SWAP || !seen.add(swap)) {
        continue;
      }
      if (oldSides.get(swap).contains(ancestor)) {
        return true;
      }
      open.addAll(oldSides.get(swap));
    }
    return false;
  }
}
