package dev.stowage.transfers;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.SelectionPolicy;
import dev.stowage.engine.ChunkJudge;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ChunkBits;

/** The class of a waiting copy and its utility; utility per second orders the copies of a class. */
record CopyUrgency(PriorityClass priority, double utility) {
  static final CopyUrgency OF_SLICE = new CopyUrgency(PriorityClass.MANIFEST, 1);

  // Utility per second below any chunk at risk and above any other: weights are below 2^31, so
  // theirs is below 2^61. No size outweighs it.
  private static final double AT_RISK = SelectionPolicy.URGENT_MERIT;

  // A worker that is to leave waits for its copies alone, balance for nobody: they go before it.
  private static final int EVACUATION = 20;

  // Ranks of copies at risk, a factor of four apart.
  private static final int RANKS = 64;

  static CopyUrgency of(LifecycleView state, int chunk, int queuedBefore, double seconds) {
    int possessed = ChunkJudge.possessed(state, chunk);
    int floor = state.formerFloor(chunk);
    double utility = (double) Math.max(1, state.weight(chunk)) / (1 + possessed);
    boolean isLacking = possessed + queuedBefore < floor;
    boolean isOld = state.isOncePossessed(chunk);
    if (isOld && ChunkBits.isAtRisk(possessed, floor)) {
      boolean isVisible = state.chunkState(chunk) == ChunkState.VISIBLE;
      int rank = 4 * possessed + (isVisible ? 0 : 2) + (isLacking ? 0 : 1);
      return atRisk(rank, utility / seconds, seconds);
    }
    if (!isLacking) {
      double rank = isAwaitedByLeaving(state, chunk) ? Math.scalb(utility, EVACUATION) : utility;
      return new CopyUrgency(PriorityClass.PREFETCH, rank);
    }
    return new CopyUrgency(isOld ? PriorityClass.REPAIR : PriorityClass.DATA, utility);
  }

  private static boolean isAwaitedByLeaving(LifecycleView state, int chunk) {
    boolean isAwaited = false;
    for (int slot = state.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = state.nextReplica(slot)) {
      WorkerStatus holder = state.worker(state.replicaWorker(slot)).status();
      isAwaited |= holder == WorkerStatus.LEAVING;
    }
    return isAwaited;
  }

  private static CopyUrgency atRisk(int rank, double perSecond, double seconds) {
    double share = 1 + perSecond / (1 + perSecond);
    double efficiency = Math.scalb(AT_RISK * share, 2 * (RANKS - Math.min(rank, RANKS)));
    return new CopyUrgency(PriorityClass.DATA, efficiency * seconds);
  }
}
