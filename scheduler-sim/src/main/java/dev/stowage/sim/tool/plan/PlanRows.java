package dev.stowage.sim.tool.plan;

import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlanChanges.ActionKind;

/**
 * The replicas that a plan leaves of each chunk, chunk by chunk in canonical order: those that the
 * next assignment names, and those that are held once every action was carried out and every drain
 * is over.
 */
final class PlanRows {
  /** The listener for replicas, ordered by (chunk, worker). */
  interface Listener {
    /** Takes a replica of the published assignment in this state. */
    void published(int chunk, int worker, HeldTable.State state);

    /** Takes a replica that is held in the end. */
    void remaining(int chunk, int worker, HeldTable.State state);
  }

  private static final HeldTable.State[] STATES = HeldTable.State.values();

  private final PlacementPlan plan;
  private final PlacementInput input;
  private int nextAction;
  private int possessedOnCounted;
  private int possessedToKeep;

  private PlanRows(PlacementPlan plan) {
    this.plan = plan;
    input = plan.input();
  }

  static void tell(PlacementPlan plan, Listener listener) {
    PlanRows rows = new PlanRows(plan);
    for (int chunk = 0; chunk < plan.input().chunkCount(); chunk++) {
      rows.chunk(chunk, listener);
    }
  }

  private void chunk(int chunk, Listener listener) {
    int[] wanted = plan.wantedWorkers(chunk);
    int from = input.replicaStart(chunk);
    int to = input.replicaStart(chunk + 1);
    int[] fates = fates(chunk, from, to, wanted);
    guard(chunk, wanted, fates, from);
    int next = 0;
    for (int replica = from; replica < to; replica++) {
      int worker = input.replicaWorker(replica);
      while (next < wanted.length && wanted[next] < worker) {
        assigned(chunk, wanted[next++], listener);
      }
      if (fates[replica - from] >= 0) {
        HeldTable.State state = STATES[fates[replica - from]];
        listener.published(chunk, worker, state);
        if (!trySettle(replica)) {
          listener.remaining(chunk, worker, state);
        }
      }
    }
    while (next < wanted.length) {
      assigned(chunk, wanted[next++], listener);
    }
  }

  private static void assigned(int chunk, int worker, Listener listener) {
    listener.published(chunk, worker, HeldTable.State.ASSIGNED);
    listener.remaining(chunk, worker, HeldTable.State.ASSIGNED);
  }

  /** Returns the state of the remains of each held replica; -1 if it is wanted or gone. */
  private int[] fates(int chunk, int from, int to, int[] wanted) {
    int[] fates = new int[to - from];
    for (int replica = from; replica < to; replica++) {
      int worker = input.replicaWorker(replica);
      int fate = input.replicaBits(replica) & ReplicaBits.STATE_MASK;
      if (!input.worker(worker).status().isPresent()
          || java.util.Arrays.binarySearch(wanted, worker) >= 0) {
        fate = -1;
      }
      fates[replica - from] = fate;
    }
    for (; nextAction < plan.actionCount() && plan.actionChunk(nextAction) == chunk; nextAction++) {
      ActionKind kind = plan.kind(nextAction);
      for (int replica = from; replica < to; replica++) {
        if (input.replicaWorker(replica) == plan.actionWorker(nextAction)) {
          fates[replica - from] =
              switch (kind) {
                case PREEMPT -> -1;
                case SUPERSEDE -> HeldTable.State.SUPERSEDED.ordinal();
                case ADD, READOPT -> fates[replica - from];
              };
        }
      }
    }
    return fates;
  }

  /** Counts the replicas for the deletion rule, with all additions possessed. */
  private void guard(int chunk, int[] wanted, int[] fates, int from) {
    possessedOnCounted = 0;
    int possessed = wanted.length;
    for (int worker : wanted) {
      possessedOnCounted += isCounted(worker) ? 1 : 0;
    }
    for (int i = 0; i < fates.length; i++) {
      if (fates[i] >= 0 && isPossessed(from + i)) {
        possessed++;
        possessedOnCounted += isCounted(input.replicaWorker(from + i)) ? 1 : 0;
      }
    }
    boolean guarded = (input.chunkBits(chunk) & ChunkBits.ONCE_POSSESSED) != 0;
    possessedToKeep = guarded ? Math.max(1, Math.min(input.floor(chunk), possessed)) : 0;
  }

  /** Applies the deletion rule to one replica after the other (lifecycle design, section 2). */
  private boolean trySettle(int replica) {
    if (!isPossessed(replica)) {
      return possessedOnCounted > 0 || possessedToKeep == 0;
    }
    int left = possessedOnCounted - (isCounted(input.replicaWorker(replica)) ? 1 : 0);
    if (left < possessedToKeep) {
      return false;
    }
    possessedOnCounted = left;
    return true;
  }

  private boolean isPossessed(int replica) {
    return (input.replicaBits(replica) & ReplicaBits.POSSESSED) != 0;
  }

  private boolean isCounted(int worker) {
    return input.worker(worker).status().isCounted();
  }
}
