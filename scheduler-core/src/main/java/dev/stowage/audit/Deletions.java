package dev.stowage.audit;

import dev.stowage.model.WorkerStatus;

/** Which deletions the deletion rule does not speak about. */
final class Deletions {
  private Deletions() {}

  /**
   * Replicas on workers that have departed go with them, those of a replaced disk are gone already
   * unless they were downloaded again.
   */
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

  /** The replicas of a chunk that has become a tombstone, or is purged, go with it. */
  static boolean isChunkEnded(AuditStep step, int chunkBefore) {
    int after = step.chunkAfter(chunkBefore);
    return after < 0 || step.after().chunks().state[after] == ChunkColumns.TOMBSTONE;
  }

  /**
   * Whether a worker's books may have been rewritten by an inventory that this cycle consumed: then
   * the stamps before the cycle are not those that the deletion was judged by.
   */
  static boolean hasInventory(AuditStep step, int chunkBefore) {
    int[] start = step.before().chunks().replicaStart;
    for (int replica = start[chunkBefore]; replica < start[chunkBefore + 1]; replica++) {
      if (step.before().workers().inventoryPending[step.before().replicas().worker[replica]]) {
        return true;
      }
    }
    return false;
  }

  /**
   * How many copies of a chunk, possessed on counted workers after the cycle, an inventory consumed
   * by it has shown that the books did not name before. They were there before anything was
   * deleted, and they are left.
   */
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
