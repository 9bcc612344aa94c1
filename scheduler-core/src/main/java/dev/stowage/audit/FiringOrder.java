package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import java.util.HashSet;
import java.util.Set;

/** Step: a swap fires only after the swaps that produce its old chunks, or together with them. */
final class FiringOrder implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    Set<ChunkKey> owed = new HashSet<>();
    for (SwapRow swap : step.fired().isEmpty() ? step.fired() : step.after().swaps()) {
      if (swap.isPending()) {
        owed.addAll(swap.newChunks());
      }
    }
    for (SwapRow swap : step.fired()) {
      for (ChunkKey key : swap.oldChunks()) {
        if (owed.contains(key) && step.after().position(key) >= 0) {
          findings.add(
              Invariant.SWAP_ORDER,
              "swap " + swap.id(),
              "fired while " + key + " is still to be produced");
        }
      }
    }
  }
}
