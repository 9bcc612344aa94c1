package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;

/** Step: chunk states move forward; a visible chunk leaves only by a removal mark or fired swap. */
final class VisibilityIsMonotone implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    ChunkColumns old = step.before().chunks();
    ChunkColumns young = step.after().chunks();
    boolean[] replaced = FiredSwaps.oldChunks(step);
    for (int chunk = 0; chunk < old.count; chunk++) {
      int after = step.chunkAfter(chunk);
      String wrong =
          after < 0
              ? wrongEnd(old.state[chunk], step.kind())
              : wrongMove(
                  step, old.state[chunk], young.state[after], old.marked[chunk] || replaced[chunk]);
      if (wrong != null) {
        findings.add(Invariant.VISIBILITY_IS_MONOTONE, old.key[chunk].toString(), wrong);
      }
    }
  }

  private static @org.jspecify.annotations.Nullable String wrongEnd(
      byte state, AuditStep.Kind kind) {
    boolean purgeable = state == ChunkColumns.TOMBSTONE || state == ChunkColumns.REJECTED;
    return purgeable && kind == AuditStep.Kind.PURGE
        ? null
        : "purged while " + ChunkColumns.stateName(state);
  }

  private static @org.jspecify.annotations.Nullable String wrongMove(
      AuditStep step, byte from, byte to, boolean mayLeave) {
    if (from == to) {
      return null;
    }
    boolean allowed;
    switch (from) {
      case ChunkColumns.OFFERED:
        allowed = to == ChunkColumns.REJECTED || to == ChunkColumns.ADMITTED;
        break;
      case ChunkColumns.ADMITTED:
        allowed =
            (to == ChunkColumns.VISIBLE && step.kind() == AuditStep.Kind.PUBLISH)
                || (to == ChunkColumns.TOMBSTONE && mayLeave);
        break;
      case ChunkColumns.VISIBLE:
        allowed = to == ChunkColumns.DROPPED && mayLeave && step.kind() == AuditStep.Kind.PUBLISH;
        break;
      case ChunkColumns.DROPPED:
        allowed = to == ChunkColumns.TOMBSTONE && step.kind() == AuditStep.Kind.SCHEDULE;
        break;
      default:
        allowed = false;
    }
    return allowed
        ? null
        : "changed from "
            + ChunkColumns.stateName(from)
            + " to "
            + ChunkColumns.stateName(to)
            + (mayLeave ? "" : ", neither marked nor replaced");
  }
}
