package dev.stowage.placement;

import java.util.Arrays;

/** Questions about a range of a column of flags; quick where all are alike. Stateless. */
final class Flags {
  private Flags() {}

  /** The flags that any has. */
  static int anyOf(byte[] flags, int from, int to) {
    if (from >= to) {
      return 0;
    }
    int mismatch = Arrays.mismatch(flags, from, to - 1, flags, from + 1, to);
    int some = flags[from];
    for (int at = mismatch < 0 ? to : from + 1 + mismatch; at < to; at++) {
      some |= flags[at];
    }
    return some;
  }

  /** Whether all have the same; the range is not empty. */
  static boolean areAlike(byte[] flags, int from, int to) {
    return Arrays.mismatch(flags, from, to - 1, flags, from + 1, to) < 0;
  }
}
