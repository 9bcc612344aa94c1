package dev.stowage.audit;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.Violation.Invariant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Step: chunk states move forward; a visible chunk leaves only by a removal mark or fired swap. */
final class VisibilityIsMonotone implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    Facts before = step.before();
    Set<Integer> replaced = new HashSet<>();
    step.fired()
        .forEach(swap -> swap.oldChunks().forEach(key -> replaced.add(before.position(key))));
    for (int chunk : step.changed()) {
      String wrong = null;
      if (step.hasBoth(chunk)) {
        boolean mayLeave = before.rows.isMarked(chunk) || replaced.contains(chunk);
        wrong = wrongMove(step, chunk, mayLeave);
      } else if (before.rows.isChunk(chunk)) {
        wrong = wrongEnd(before.rows.chunkState(chunk), step.kind());
      }
      if (wrong != null) {
        findings.add(
            Invariant.VISIBILITY_IS_MONOTONE, before.rows.chunkKey(chunk).toString(), wrong);
      }
    }
  }

  private static @Nullable String wrongEnd(ChunkState state, AuditStep.Kind kind) {
    boolean isPurgeable = state == ChunkState.TOMBSTONE || state == ChunkState.REJECTED;
    return isPurgeable && kind == AuditStep.Kind.PURGE ? null : "purged while " + Facts.word(state);
  }

  private static @Nullable String wrongMove(AuditStep step, int chunk, boolean mayLeave) {
    ChunkState from = step.before().rows.chunkState(chunk);
    ChunkState to = step.after().rows.chunkState(chunk);
    boolean isPublish = step.kind() == AuditStep.Kind.PUBLISH;
    boolean isAllowed =
        switch (from) {
          case OFFERED -> to == ChunkState.REJECTED || to == ChunkState.ADMITTED;
          case ADMITTED ->
              (to == ChunkState.VISIBLE && isPublish) || (to == ChunkState.TOMBSTONE && mayLeave);
          case VISIBLE -> to == ChunkState.DROPPED && mayLeave && isPublish;
          case DROPPED -> to == ChunkState.TOMBSTONE && step.kind() == AuditStep.Kind.SCHEDULE;
          case REJECTED, TOMBSTONE -> false;
        };
    return from == to || isAllowed
        ? null
        : "changed from "
            + Facts.word(from)
            + " to "
            + Facts.word(to)
            + (mayLeave ? "" : ", neither marked nor replaced");
  }
}
