package dev.stowage.placement.input;

import java.util.Arrays;

/** Questions about a range of a column of flags; quick where all are alike. Stateless. */
public final class Flags {
  private Flags() {}

  /** The flags that any has. */
  public static int anyOf(byte[] flags, int from, int to) {
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
  public static boolean areAlike(byte[] flags, int from, int to) {
    return Arrays.mismatch(flags, from, to - 1, flags, from + 1, to) < 0;
  }
}
