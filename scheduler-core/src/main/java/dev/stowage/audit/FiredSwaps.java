package dev.stowage.audit;

import java.util.HashMap;
import java.util.Map;

/** The swaps that were pending before a step and are fired after it. */
final class FiredSwaps {
  private FiredSwaps() {}

  static int[] positions(SwapColumns old, SwapColumns young) {
    Map<Long, Byte> stateBefore = null;
    int[] fired = new int[young.count];
    int size = 0;
    for (int swap = 0; swap < young.count; swap++) {
      if (young.state[swap] != SwapColumns.FIRED) {
        continue;
      }
      boolean isInPlace = swap < old.count && old.id[swap] == young.id[swap];
      if (!isInPlace && stateBefore == null) {
        stateBefore = states(old);
      }
      Byte before = stateBefore == null ? null : stateBefore.get(young.id[swap]);
      byte was = isInPlace ? old.state[swap] : before == null ? SwapColumns.PENDING : before;
      if (was == SwapColumns.PENDING) {
        fired[size++] = swap;
      }
    }
    return java.util.Arrays.copyOf(fired, size);
  }

  private static Map<Long, Byte> states(SwapColumns swaps) {
    Map<Long, Byte> states = new HashMap<>();
    for (int swap = 0; swap < swaps.count; swap++) {
      states.put(swaps.id[swap], swaps.state[swap]);
    }
    return states;
  }

  static boolean[] oldChunks(AuditStep step) {
    boolean[] replaced = new boolean[step.before().chunkCount()];
    int[] before = step.chunksBefore();
    for (int swap : step.firedSwaps()) {
      for (int chunk : step.after().swaps().oldSide[swap]) {
        if (chunk >= 0 && before[chunk] >= 0) {
          replaced[before[chunk]] = true;
        }
      }
    }
    return replaced;
  }
}
