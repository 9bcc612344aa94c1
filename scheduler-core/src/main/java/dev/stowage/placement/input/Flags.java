package dev.stowage.placement.input;

import java.util.Arrays;

/** Scans of a range of a flag column, fast where all flags are equal. Stateless. */
public final class Flags {
  private Flags() {}

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

  /** Reports whether all flags of a non-empty range are equal. */
  public static boolean areAlike(byte[] flags, int from, int to) {
    return Arrays.mismatch(flags, from, to - 1, flags, from + 1, to) < 0;
  }
}
