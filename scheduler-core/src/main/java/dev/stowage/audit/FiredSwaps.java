package dev.stowage.audit;

import java.util.HashMap;
import java.util.Map;

/** The swaps that were pending before a step and are fired after it. */
final class FiredSwaps {
  private FiredSwaps() {}

  /** Positions, after the step, of the swaps that it fired. */
  static int[] positions(AuditStep step) {
    SwapColumns old = step.before().swaps();
    SwapColumns young = step.after().swaps();
    Map<Long, Byte> stateBefore = new HashMap<>();
    for (int swap = 0; swap < old.count; swap++) {
      stateBefore.put(old.id[swap], old.state[swap]);
    }
    int[] fired = new int[young.count];
    int size = 0;
    for (int swap = 0; swap < young.count; swap++) {
      Byte before = stateBefore.get(young.id[swap]);
      boolean wasPending = before == null || before == SwapColumns.PENDING;
      if (wasPending && young.state[swap] == SwapColumns.FIRED) {
        fired[size++] = swap;
      }
    }
    return java.util.Arrays.copyOf(fired, size);
  }

  /** For every chunk before the step, whether a swap that the step fired replaced it. */
  static boolean[] oldChunks(AuditStep step) {
    boolean[] replaced = new boolean[step.before().chunkCount()];
    int[] before = step.chunksBefore();
    for (int swap : positions(step)) {
      for (int chunk : step.after().swaps().oldSide[swap]) {
        if (chunk >= 0 && before[chunk] >= 0) {
          replaced[before[chunk]] = true;
        }
      }
    }
    return replaced;
  }
}
