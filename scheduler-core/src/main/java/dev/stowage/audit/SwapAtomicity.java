package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import java.util.HashSet;
import java.util.Set;

/**
 * State and step: portals see exactly one side of a swap; a removal mark excludes a pending swap.
 */
final class SwapAtomicity implements StateCheck, StepCheck {
  @Override
  public void check(Facts fleet, Findings findings) {
    for (SwapRow swap : fleet.swaps()) {
      if (swap.isPending()) {
        for (ChunkKey key : swap.newChunks()) {
          if (isVisible(fleet, key)) {
            report(swap, key + " is visible before its swap has fired", findings);
          }
          judgeMark(fleet, swap, key, findings);
        }
        swap.oldChunks().forEach(key -> judgeMark(fleet, swap, key, findings));
      }
    }
  }

  private static boolean isVisible(Facts fleet, ChunkKey key) {
    int chunk = fleet.position(key);
    return chunk >= 0 && fleet.isVisible(chunk);
  }

  private static void judgeMark(Facts fleet, SwapRow swap, ChunkKey key, Findings findings) {
    int chunk = fleet.position(key);
    if (chunk < 0 || !fleet.isLive(chunk)) {
      String name = chunk < 0 ? "a chunk that is gone" : key.toString();
      report(swap, name + " is being removed while the swap is pending", findings);
    }
  }

  @Override
  public void check(AuditStep step, Findings findings) {
    Facts fleet = step.after();
    Set<ChunkKey> replaced = new HashSet<>();
    step.fired().forEach(swap -> replaced.addAll(swap.oldChunks()));
    for (SwapRow swap : step.fired()) {
      for (ChunkKey key : swap.oldChunks()) {
        if (isVisible(fleet, key)) {
          report(swap, key + " is still visible after its swap has fired", findings);
        }
      }
      for (ChunkKey key : swap.newChunks()) {
        if (fleet.position(key) >= 0 && !isVisible(fleet, key) && !replaced.contains(key)) {
          report(swap, key + " is not visible although its swap has fired", findings);
        }
      }
    }
  }

  private static void report(SwapRow swap, String what, Findings findings) {
    findings.add(Invariant.SWAP_ATOMICITY, "swap " + swap.id(), what);
  }
}
