package dev.stowage.placement.input;

import dev.stowage.columns.MergeSort;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import java.util.Arrays;
import java.util.Comparator;

/** Sorts positions, by packed keys or canonically. Stateless. */
public final class Order {
  private Order() {}

  /** Sorts by a key of at most 31 bits, stable; callers must not change the result. */
  public static int[] by(int[] positions, int count, Key key) {
    if (positions.length == count && isSorted(positions, key)) {
      return positions;
    }
    long[] packed = packed(positions, count, key);
    int[] result = new int[count];
    for (int i = 0; i < count; i++) {
      result[i] = positions[(int) packed[i]];
    }
    return result;
  }

  /** Sorts unordered positions by a key of at most 31 bits, equal keys canonically. */
  public static int[] by(int[] positions, int count, Key key, SlotOrder canonical) {
    long[] packed = packed(positions, count, key);
    int[] result = new int[count];
    int run = 0;
    for (int i = 0; i < count; i++) {
      result[i] = positions[(int) packed[i]];
      if (packed[i] >>> 32 != packed[run] >>> 32) {
        runCanonically(result, run, i, canonical);
        run = i;
      }
    }
    runCanonically(result, run, count, canonical);
    return result;
  }

  private static boolean isSorted(int[] positions, Key key) {
    int before = 0;
    for (int position : positions) {
      int each = key.of(position);
      if (each < before) {
        return false;
      }
      before = each;
    }
    return true;
  }

  private static void runCanonically(int[] items, int from, int to, SlotOrder canonical) {
    if (to - from > 1) {
      canonically(items, from, to, canonical);
    }
  }

  public static Comparator<Integer> boxed(SlotOrder canonical) {
    return (one, other) -> one.equals(other) ? 0 : canonical.compare(one, other);
  }

  private static long[] packed(int[] positions, int count, Key key) {
    long[] packed = new long[count];
    boolean sorted = true;
    for (int i = 0; i < count; i++) {
      packed[i] = (long) key.of(positions[i]) << 32 | i;
      sorted &= i == 0 || packed[i - 1] <= packed[i];
    }
    if (!sorted) {
      Arrays.sort(packed);
    }
    return packed;
  }

  public static void canonically(int[] items, int from, int to, SlotOrder canonical) {
    if (canonical == SlotOrder.ASCENDING) {
      Arrays.sort(items, from, to);
    } else if (to - from > 1) {
      new MergeSort(items, canonical::compare).sort(from, to);
    }
  }

  /**
   * Sorts positions by the hash of a key, equal hashes canonically. Unlike the canonical order,
   * this one gives neighbours in a dataset no common fate.
   *
   * @param hash the hash by position
   */
  public static int[] byHash(int[] positions, int count, long[] hash, SlotOrder canonical) {
    return by(positions, count, position -> (int) (hash[position] >>> 33), canonical);
  }

  /** Returns a key under which larger sizes come first, exact to one part in 2^24. */
  public static int largestFirst(long size) {
    int exponent = 64 - Long.numberOfLeadingZeros(size);
    int mantissa = (int) (exponent > 24 ? size >>> (exponent - 24) : size << (24 - exponent));
    return (63 - exponent) << 24 | (0xffffff - (mantissa & 0xffffff));
  }

  /** Returns the key of a position, at least 0. */
  public interface Key {
    int of(int position);
  }
}
