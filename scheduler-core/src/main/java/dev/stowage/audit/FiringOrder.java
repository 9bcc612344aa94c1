package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;

/** Step: a swap fires only after the swaps that produce its old chunks, or together with them. */
final class FiringOrder implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    FleetSnapshot fleet = step.after();
    SwapColumns swaps = fleet.swaps();
    boolean[] owed = new boolean[fleet.chunkCount()];
    for (int swap = 0; swap < swaps.count; swap++) {
      if (swaps.state[swap] == SwapColumns.PENDING) {
        for (int chunk : swaps.newSide[swap]) {
          if (chunk >= 0) {
            owed[chunk] = true;
          }
        }
      }
    }
    for (int swap : step.firedSwaps()) {
      for (int chunk : swaps.oldSide[swap]) {
        if (chunk >= 0 && owed[chunk]) {
          findings.add(
              Invariant.SWAP_ORDER,
              "swap " + swaps.id[swap],
              "fired while " + fleet.chunks().key[chunk] + " is still to be produced");
        }
      }
    }
  }
}
