package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;

/**
 * State and step: portals see exactly one side of a swap; a removal mark excludes a pending swap.
 */
final class SwapAtomicity implements StateCheck, StepCheck {
  @Override
  public void check(FleetSnapshot fleet, Findings findings) {
    SwapColumns swaps = fleet.swaps();
    for (int swap = 0; swap < swaps.count; swap++) {
      if (swaps.state[swap] == SwapColumns.PENDING) {
        for (int chunk : swaps.newSide[swap]) {
          if (chunk >= 0 && fleet.chunks().state[chunk] == ChunkColumns.VISIBLE) {
            report(fleet, swap, chunk, "is visible before its swap has fired", findings);
          }
          judgeMark(fleet, swap, chunk, findings);
        }
        for (int chunk : swaps.oldSide[swap]) {
          judgeMark(fleet, swap, chunk, findings);
        }
      }
    }
  }

  private static void judgeMark(FleetSnapshot fleet, int swap, int chunk, Findings findings) {
    if (chunk < 0 || !fleet.chunks().isLive(chunk)) {
      String name = chunk < 0 ? "a chunk that is gone" : fleet.chunks().key(chunk).toString();
      findings.add(
          Invariant.SWAP_ATOMICITY,
          "swap " + fleet.swaps().id[swap],
          name + " is being removed while the swap is pending");
    }
  }

  @Override
  public void check(AuditStep step, Findings findings) {
    FleetSnapshot fleet = step.after();
    int[] fired = step.firedSwaps();
    boolean[] replaced = new boolean[fleet.chunkCount()];
    for (int swap : fired) {
      for (int chunk : fleet.swaps().oldSide[swap]) {
        if (chunk >= 0) {
          replaced[chunk] = true;
        }
      }
    }
    for (int swap : fired) {
      for (int chunk : fleet.swaps().oldSide[swap]) {
        if (chunk >= 0 && fleet.chunks().state[chunk] == ChunkColumns.VISIBLE) {
          report(fleet, swap, chunk, "is still visible after its swap has fired", findings);
        }
      }
      for (int chunk : fleet.swaps().newSide[swap]) {
        boolean shown = chunk >= 0 && fleet.chunks().state[chunk] == ChunkColumns.VISIBLE;
        if (chunk >= 0 && !shown && !replaced[chunk]) {
          report(fleet, swap, chunk, "is not visible although its swap has fired", findings);
        }
      }
    }
  }

  private static void report(
      FleetSnapshot fleet, int swap, int chunk, String what, Findings findings) {
    findings.add(
        Invariant.SWAP_ATOMICITY,
        "swap " + fleet.swaps().id[swap],
        fleet.chunks().key(chunk) + " " + what);
  }
}
