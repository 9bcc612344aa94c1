package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.WorkerStatus;

/**
 * Step: deletions leave the smaller of the floor and the possessed replicas on present workers; as
 * many of those that last, on workers that stay or where they may be asked for; and a
 * once-possessed chunk keeps one on a counted worker.
 */
final class RetainedReplicas implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    if (step.kind() != AuditStep.Kind.SCHEDULE) {
      return;
    }
    Facts before = step.before();
    boolean isPaused = step.answer().commitTick() < pausedUntil(before.row);
    for (int chunk : step.changed()) {
      if (isPaused && before.rows.isChunk(chunk)) {
        judgePause(step, chunk, findings);
      }
      if (!step.isEnded(chunk) && !before.hasInventory(chunk)) {
        judge(step, chunk, findings);
      }
    }
  }

  private static long pausedUntil(FleetRow row) {
    int lineages = row.lineages().size();
    long began = row.lineages().get(lineages - 1).beganTick();
    long pause = Math.max(row.config().lineagePauseTicks(), row.largestWindowTicks());
    long end = began > Long.MAX_VALUE - pause ? Long.MAX_VALUE : began + pause;
    return lineages == 1 ? 0 : end;
  }

  // In the pause nothing at all is deleted.
  private static void judgePause(AuditStep step, int chunk, Findings findings) {
    for (int slot : step.before().slots(chunk)) {
      if (step.after(slot) == Facts.NONE) {
        findings.add(
            Invariant.RETENTION,
            step.before().name(slot),
            "deleted at tick "
                + step.answer().commitTick()
                + ", although the pause of the new lineage lasts until tick "
                + pausedUntil(step.before().row));
      }
    }
  }

  private static void judge(AuditStep step, int chunk, Findings findings) {
    Facts before = step.before();
    int deleted = 0;
    int deletedPossessed = 0;
    int possessedOnPresent = 0;
    int left = 0;
    int deletedLasting = 0;
    int lasting = 0;
    for (int slot : before.slots(chunk)) {
      if (step.isOnLostDisk(slot)) {
        continue;
      }
      boolean isDeleted = step.after(slot) == Facts.NONE;
      boolean isPossessed = before.isPossessed(slot);
      possessedOnPresent += isPossessed ? 1 : 0;
      boolean lasts = isPossessed && lastsAfter(step, slot);
      deletedLasting += lasts && isDeleted ? 1 : 0;
      lasting += lasts && !isDeleted ? 1 : 0;
      deleted += isDeleted ? 1 : 0;
      deletedPossessed += isDeleted && isPossessed ? 1 : 0;
      left += !isDeleted && isPossessed && holderAfter(step, slot).isCounted() ? 1 : 0;
    }
    if (deleted > 0) {
      int found = step.foundByInventory(chunk);
      left += found;
      possessedOnPresent += found;
      lasting += found;
    }
    int owed = Math.max(floor(step, chunk), leastElsewhere(step, chunk));
    int least = Math.min(floor(step, chunk), possessedOnPresent);
    if (deletedPossessed > 0 && left < least) {
      findings.add(
          Invariant.RETENTION,
          before.rows.chunkKey(chunk).toString(),
          deletedPossessed
              + " possessed replicas were deleted and "
              + left
              + " are left; at least "
              + least
              + " must stay");
    } else if (deletedLasting > 0 && lasting < owed) {
      findings.add(
          Invariant.RETENTION,
          before.rows.chunkKey(chunk).toString(),
          deletedLasting
              + " possessed replicas that last were deleted and "
              + lasting
              + " such are left; at least "
              + owed
              + " must stay");
    } else if (deleted > 0
        && left == 0
        && before.rows.isEstablished(chunk)
        && before.rows.isOncePossessed(chunk)) {
      findings.add(
          Invariant.RETENTION,
          before.rows.chunkKey(chunk).toString(),
          deleted + " replicas were deleted while none is possessed on a counted worker");
    }
  }

  private static int floor(AuditStep step, int chunk) {
    return Math.min(step.before().floor(chunk), step.after().floor(chunk));
  }

  /** Returns the copies elsewhere that its holders announced to want, and still do. */
  private static int leastElsewhere(AuditStep step, int chunk) {
    int least = 0;
    for (int slot : step.before().slots(chunk)) {
      boolean wants =
          step.before().isAssigned(slot)
              && step.hasBothOfWorker(step.before().rows.replicaWorker(slot));
      least = wants ? Math.max(least, holderAfter(step, slot).row().leastCopies()) : least;
    }
    return least;
  }

  private static boolean lastsAfter(AuditStep step, int slot) {
    return holderAfter(step, slot).isCounted()
        && (holderAfter(step, slot).status() != WorkerStatus.LEAVING
            || step.before().isOut(slot, step.answer().commitTick()));
  }

  private static WorkerFacts holderAfter(AuditStep step, int slotBefore) {
    return step.after().worker(step.before().rows.replicaWorker(slotBefore));
  }
}
