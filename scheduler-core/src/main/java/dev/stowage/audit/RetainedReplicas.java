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
    Facts facts = new Facts(step.before());
    int[] after = step.replicasAfter();
    if (step.answer().commitTick() < pausedUntil(step.before().row())) {
      judgePause(step, after, findings);
    }
    for (int chunk = 0; chunk < step.before().chunkCount(); chunk++) {
      boolean exempt = Deletions.isChunkEnded(step, chunk) || Deletions.hasInventory(step, chunk);
      if (!exempt) {
        judge(step, facts, after, chunk, findings);
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
  private static void judgePause(AuditStep step, int[] after, Findings findings) {
    for (int replica = 0; replica < after.length; replica++) {
      if (after[replica] < 0) {
        findings.add(
            Invariant.RETENTION,
            step.before().replicaName(replica),
            "deleted at tick "
                + step.answer().commitTick()
                + ", although the pause of the new lineage lasts until tick "
                + pausedUntil(step.before().row()));
      }
    }
  }

  private static void judge(
      AuditStep step, Facts facts, int[] after, int chunk, Findings findings) {
    ChunkColumns chunks = step.before().chunks();
    int deleted = 0;
    int deletedPossessed = 0;
    int possessedOnPresent = 0;
    int left = 0;
    int deletedLasting = 0;
    int lasting = 0;
    for (int r = chunks.replicaStart[chunk]; r < chunks.replicaStart[chunk + 1]; r++) {
      if (Deletions.isOnLostDisk(step, r)) {
        continue;
      }
      boolean possessed = facts.isPossessed(r);
      possessedOnPresent += possessed ? 1 : 0;
      boolean lasts = possessed && lastsAfter(step, facts, r);
      deletedLasting += lasts && after[r] < 0 ? 1 : 0;
      lasting += lasts && after[r] >= 0 ? 1 : 0;
      if (after[r] < 0) {
        deleted++;
        deletedPossessed += possessed ? 1 : 0;
      } else {
        left += possessed && isCountedAfter(step, r) ? 1 : 0;
      }
    }
    if (deleted > 0) {
      int found = Deletions.foundByInventory(step, chunk);
      left += found;
      possessedOnPresent += found;
      lasting += found;
    }
    int owed = Math.max(floor(step, chunk), leastElsewhere(step, chunk));
    int least = Math.min(floor(step, chunk), possessedOnPresent);
    if (deletedPossessed > 0 && left < least) {
      findings.add(
          Invariant.RETENTION,
          chunks.key[chunk].toString(),
          deletedPossessed
              + " possessed replicas were deleted and "
              + left
              + " are left; at least "
              + least
              + " must stay");
    } else if (deletedLasting > 0 && lasting < owed) {
      findings.add(
          Invariant.RETENTION,
          chunks.key[chunk].toString(),
          deletedLasting
              + " possessed replicas that last were deleted and "
              + lasting
              + " such are left; at least "
              + owed
              + " must stay");
    } else if (deleted > 0
        && left == 0
        && chunks.established[chunk]
        && chunks.everPossessed[chunk]) {
      findings.add(
          Invariant.RETENTION,
          chunks.key[chunk].toString(),
          deleted + " replicas were deleted while none is possessed on a counted worker");
    }
  }

  private static int floor(AuditStep step, int chunk) {
    int before = step.before().chunks().floor[chunk];
    int then = step.chunkAfter(chunk);
    return then < 0 ? before : Math.min(before, step.after().chunks().floor[then]);
  }

  /** Returns the copies elsewhere that its holders announced to want, and still do. */
  private static int leastElsewhere(AuditStep step, int chunk) {
    int least = 0;
    int[] start = step.before().chunks().replicaStart;
    for (int replica = start[chunk]; replica < start[chunk + 1]; replica++) {
      int worker = step.workerAfter(step.before().replicas().worker[replica]);
      boolean wants = worker >= 0 && step.before().replicas().isAssigned(replica);
      least = !wants ? least : Math.max(least, step.after().workers().leastCopies[worker]);
    }
    return least;
  }

  private static boolean lastsAfter(AuditStep step, Facts facts, int replicaBefore) {
    int worker = step.workerAfter(step.before().replicas().worker[replicaBefore]);
    return step.after().workers().isCounted(worker)
        && (step.after().workers().status[worker] != WorkerStatus.LEAVING
            || facts.isOut(replicaBefore, step.answer().commitTick()));
  }

  private static boolean isCountedAfter(AuditStep step, int replicaBefore) {
    int worker = step.workerAfter(step.before().replicas().worker[replicaBefore]);
    return step.after().workers().isCounted(worker);
  }
}
