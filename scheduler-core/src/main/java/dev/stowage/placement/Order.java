package dev.stowage.placement;

import java.util.Arrays;

/** Sorts positions by packed keys. Stateless. */
final class Order {
  private Order() {}

  /** Sorts positions by a key of at most 31 bits, smallest first, equal keys by position. */
  static int[] by(int[] positions, int count, Key key) {
    long[] packed = new long[count];
    boolean sorted = true;
    for (int i = 0; i < count; i++) {
      packed[i] = (long) key.of(positions[i]) << 32 | positions[i];
      sorted &= i == 0 || packed[i - 1] <= packed[i];
    }
    if (!sorted) {
      Arrays.sort(packed);
    }
    int[] result = new int[count];
    for (int i = 0; i < count; i++) {
      result[i] = (int) packed[i];
    }
    return result;
  }

  /** A key under which larger sizes come first, exact to one part in 2^24. */
  static int largestFirst(long size) {
    int exponent = 64 - Long.numberOfLeadingZeros(size);
    int mantissa = (int) (exponent > 24 ? size >>> (exponent - 24) : size << (24 - exponent));
    return (63 - exponent) << 24 | (0xffffff - (mantissa & 0xffffff));
  }

  /** The key of a position, at least 0. */
  interface Key {
    int of(int position);
  }
}
