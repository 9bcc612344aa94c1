package dev.stowage.audit;

import dev.stowage.model.WorkerStatus;

/** Deletions that the deletion rule exempts. */
final class Deletions {
  private Deletions() {}

  static boolean isOnLostDisk(AuditStep step, int replicaBefore) {
    if (step.before().replicas().diskGone[replicaBefore]
        && !new Facts(step.before()).isPossessed(replicaBefore)) {
      return true;
    }
    int worker = step.before().replicas().worker[replicaBefore];
    int after = step.workerAfter(worker);
    return after < 0
        || step.after().workers().status[after] == WorkerStatus.DEPARTED
        || step.before().workers().status[worker] == WorkerStatus.DEPARTED;
  }

  static boolean isChunkEnded(AuditStep step, int chunkBefore) {
    int after = step.chunkAfter(chunkBefore);
    return after < 0 || step.after().chunks().state[after] == ChunkColumns.TOMBSTONE;
  }

  // The inventory may have rewritten the stamps by which the deletion was judged.
  static boolean hasInventory(AuditStep step, int chunkBefore) {
    int[] start = step.before().chunks().replicaStart;
    for (int replica = start[chunkBefore]; replica < start[chunkBefore + 1]; replica++) {
      if (step.before().workers().inventoryPending[step.before().replicas().worker[replica]]) {
        return true;
      }
    }
    return false;
  }

  /** Returns the possessed copies on counted workers that a consumed inventory revealed. */
  static int foundByInventory(AuditStep step, int chunkBefore) {
    int chunk = step.chunkAfter(chunkBefore);
    int[] workersBefore = step.workersBefore();
    Facts facts = new Facts(step.after());
    int[] start = step.after().chunks().replicaStart;
    int found = 0;
    for (int replica = start[chunk]; replica < start[chunk + 1]; replica++) {
      int worker = workersBefore[step.after().replicas().worker[replica]];
      boolean told = worker >= 0 && step.before().workers().inventoryPending[worker];
      if (told && !wasNamed(step, chunkBefore, worker) && facts.isPossessedOnCounted(replica)) {
        found++;
      }
    }
    return found;
  }

  private static boolean wasNamed(AuditStep step, int chunkBefore, int workerBefore) {
    int[] start = step.before().chunks().replicaStart;
    for (int replica = start[chunkBefore]; replica < start[chunkBefore + 1]; replica++) {
      if (step.before().replicas().worker[replica] == workerBefore) {
        return true;
      }
    }
    return false;
  }
}
