package dev.stowage.lifecycle.state;

import dev.stowage.columns.IntSet;
import dev.stowage.columns.MergeSort;
import java.util.Arrays;
import java.util.function.IntPredicate;

/** Sorts chunk positions canonically: by dataset, first block, chunk id. */
public final class CanonicalOrder {
  /** From one chunk in this many on, a walk over all chunks beats sorting. */
  private static final int WALK_FROM = 16;

  private CanonicalOrder() {}

  public static int[] of(Tables tables, IntSet members, IntPredicate passes) {
    int[] sorted = new int[members.size()];
    int count = 0;
    for (int i = 0; i < sorted.length; i++) {
      int chunk = members.member(i);
      if (tables.chunks.exists(chunk) && passes.test(chunk)) {
        sorted[count++] = chunk;
      }
    }
    sorted = Arrays.copyOf(sorted, count);
    if (count > 1 && !isSorted(tables, sorted)) {
      if (count > tables.chunks.count() / WALK_FROM) {
        walk(tables, sorted);
      } else {
        new MergeSort(sorted, (left, right) -> compare(tables, left, right)).sort(0, count);
      }
    }
    return sorted;
  }

  public static int compare(Tables tables, int left, int right) {
    return compare(tables.chunks.facts, left, right);
  }

  public static int compare(ChunkFacts facts, int left, int right) {
    int leftDataset = facts.dataset(left);
    int rightDataset = facts.dataset(right);
    return leftDataset == rightDataset
        ? facts.compare(left, right)
        : facts.datasets().get(leftDataset).compareTo(facts.datasets().get(rightDataset));
  }

  private static boolean isSorted(Tables tables, int[] chunks) {
    for (int i = 1; i < chunks.length; i++) {
      if (compare(tables, chunks[i - 1], chunks[i]) > 0) {
        return false;
      }
    }
    return true;
  }

  private static void walk(Tables tables, int[] chunks) {
    IntSet wanted = new IntSet();
    wanted.addAll(chunks);
    int[] count = new int[1];
    tables.chunks.forEachCanonically(chunk -> {
      if (wanted.contains(chunk)) {
        chunks[count[0]++] = chunk;
      }
    });
  }
}
