package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Step: portal assignments are minted exactly on change (lifecycle design, section 1). */
final class PortalMintedOnChange implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    long old = step.before().row.portalAssignment();
    long young = step.after().row.portalAssignment();
    boolean isMinted = young != old;
    boolean isChanged = isAnotherChunkShown(step) || isAnotherZoneTold(step);
    if (isMinted && step.kind() != AuditStep.Kind.PUBLISH) {
      find("minted by a command that is no visibility cycle", young, findings);
    } else if (isMinted && !isChanged) {
      find("minted although it equals the one before", young, findings);
    } else if (isChanged && !isMinted) {
      find("not minted although what is published changed", young + 1, findings);
    } else if (young > old + 1) {
      find("minted although the next id was " + (old + 1), young, findings);
    }
  }

  private static void find(String what, long id, Findings findings) {
    findings.add(Invariant.BOUNDS_ARE_KEPT, "portal assignment " + id, what);
  }

  private static boolean isAnotherChunkShown(AuditStep step) {
    for (int chunk : step.changed()) {
      boolean hasBoth = step.hasBoth(chunk);
      boolean isGone = step.isGone(chunk) && isShown(step.before(), chunk);
      boolean isCome = !hasBoth && step.after().rows.isChunk(chunk) && isShown(step.after(), chunk);
      if (isGone
          || isCome
          || (hasBoth && !shown(step.before(), chunk).equals(shown(step.after(), chunk)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAnotherZoneTold(AuditStep step) {
    BitSet rezoned = new BitSet();
    for (int worker : step.after().workers()) {
      if (step.hasBothOfWorker(worker)
          && !step.before()
              .worker(worker)
              .row()
              .zoneInRoutes()
              .equals(step.after().worker(worker).row().zoneInRoutes())) {
        rezoned.set(worker);
      }
    }
    for (int chunk : rezoned.isEmpty() ? new int[0] : step.after().chunks()) {
      for (int slot : step.after().slots(chunk)) {
        if (step.after().rows.isNamed(slot) && rezoned.get(step.after().rows.replicaWorker(slot))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isShown(Facts fleet, int chunk) {
    return fleet.isVisible(chunk) || !shown(fleet, chunk).names().isEmpty();
  }

  private record Shown(boolean isVisible, List<WorkerId> names) {}

  private static Shown shown(Facts fleet, int chunk) {
    List<WorkerId> names = new ArrayList<>(fleet.rows.goneNames(chunk));
    for (int slot : fleet.slots(chunk)) {
      if (fleet.rows.isNamed(slot)) {
        names.add(fleet.holder(slot).id());
      }
    }
    names.sort(null);
    return new Shown(fleet.isVisible(chunk), names);
  }
}
