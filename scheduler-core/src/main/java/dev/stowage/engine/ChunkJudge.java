package dev.stowage.engine;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ChunkBits;

/** Judges one chunk after another for the figures of a fleet. Not thread-safe. */
public final class ChunkJudge {
  private int draining;
  private int assigned;
  private int held;
  private boolean isUnderFloor;
  private boolean isRaising;
  private boolean isAtRisk;
  private boolean isDark;

  /** Judges a chunk, in any state. */
  public void look(LifecycleView state, int chunk) {
    held = 0;
    draining = 0;
    assigned = 0;
    int backAsAnnounced = 0;
    boolean isVisible = state.isLive(chunk) && state.chunkState(chunk) == ChunkState.VISIBLE;
    isDark = isVisible;
    for (int slot = state.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = state.nextReplica(slot)) {
      if (state.possessed(slot)) {
        int worker = state.replicaWorker(slot);
        held += state.isCounted(worker) ? 1 : 0;
        backAsAnnounced += isAway(state, worker) ? 1 : 0;
      }
      boolean isAssigned = state.replicaState(slot) == ReplicaState.ASSIGNED;
      draining += isAssigned ? 0 : 1;
      assigned += isAssigned ? 1 : 0;
      isDark = isDark && !state.routed(slot);
    }
    int former = isVisible ? state.formerFloor(chunk) : 0;
    isUnderFloor = held < former;
    isRaising = isVisible && !isUnderFloor && held < state.floor(chunk);
    // A new chunk that is being copied is not the readers' yet, and what comes back is not lost.
    isAtRisk = isUnderFloor && ChunkBits.isAtRisk(held + backAsAnnounced, former);
  }

  private static boolean isAway(LifecycleView state, int worker) {
    return !state.isCounted(worker)
        && state.worker(worker).status() == WorkerStatus.AWAY
        && !state.owesInventory(worker);
  }

  /** Returns the replicas that are superseded or draining. */
  public int draining() {
    return draining;
  }

  /** Returns the replicas that are assigned. */
  public int assigned() {
    return assigned;
  }

  /** Returns the counted workers that possess it. */
  public int held() {
    return held;
  }

  /** Reports whether it is visible, and fewer counted workers possess it than its floor asks. */
  public boolean isUnderFloor() {
    return isUnderFloor;
  }

  /** Reports whether it is visible, and between its former floor and a raised one. */
  public boolean isRaising() {
    return isRaising;
  }

  /** Reports whether it is under its floor, and readers could lose it soon. */
  public boolean isAtRisk() {
    return isAtRisk;
  }

  /** Reports whether it is visible, and portals can reach it on no worker. */
  public boolean isDark() {
    return isDark;
  }

  /** Counts the counted workers that possess a chunk. */
  public static int possessed(LifecycleView state, int chunk) {
    int possessed = 0;
    for (int slot = state.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = state.nextReplica(slot)) {
      possessed += state.possessed(slot) && state.isCounted(state.replicaWorker(slot)) ? 1 : 0;
    }
    return possessed;
  }
}
