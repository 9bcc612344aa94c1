package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.command.Result;
import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Computes anew the movement budget that a scheduling cycle had. */
public final class BudgetOracle {
  private static final String KIND = "budget in force";

  private BudgetOracle() {}

  /**
   * Returns what is wrong with the budget that a cycle says it had.
   *
   * @param advice the advice in the command of the cycle
   */
  public static Optional<Finding> wrong(
      LifecycleView before, LifecycleView after, Result.Scheduled cycle, PlanningAdvice advice) {
    LifecycleConfig config = after.config();
    boolean isBounded = config.feedback().maxInFlightBytes() != LifecycleConfig.NEVER;
    if (isBounded && (hasMore(before, after, false) || hasMore(after, before, true))) {
      // Whether it was gone before the plan or by it, and found before it, cannot be seen.
      return Optional.empty();
    }
    long inFlight = isBounded ? inFlight(before, after) : 0;
    BudgetInForce expected =
        BudgetInForce.of(
            config,
            after.pressureAt(cycle.tick().value()),
            inFlight,
            advice.failedBytes(),
            advice.newest().isPresent());
    return expected.equals(cycle.budget())
        ? Optional.empty()
        : Optional.of(
            new Finding(KIND, "the cycle had " + cycle.budget() + ", expected " + expected));
  }

  /**
   * Reports whether {@code one} has a replica that {@code other} lacks, counting only possessed
   * ones if {@code isPossessed}.
   */
  private static boolean hasMore(LifecycleView one, LifecycleView other, boolean isPossessed) {
    boolean[] hasMore = {false};
    one.forEachChunk(chunk -> {
      int there = other.chunkPosition(one.chunkKey(chunk));
      for (int slot : ReplicaSlots.of(one, chunk)) {
        int worker = other.workerPosition(one.workerId(one.replicaWorker(slot)));
        boolean isAlone =
            there < 0 || worker < 0 || other.findReplica(there, worker) == LifecycleView.NONE;
        hasMore[0] |= isAlone && (!isPossessed || one.possessed(slot));
      }
    });
    return hasMore[0];
  }

  /** Returns the bytes in flight that the plan saw, after reports were taken in. */
  private static long inFlight(LifecycleView before, LifecycleView after) {
    long bytes = 0;
    for (int worker = 0; worker < before.workerLimit(); worker++) {
      int now = before.isWorker(worker) ? after.workerPosition(before.workerId(worker)) : -1;
      if (now >= 0 && after.isCounted(now)) {
        bytes += inFlight(before, worker, after, now);
      }
    }
    return bytes;
  }

  private static long inFlight(LifecycleView before, int worker, LifecycleView after, int now) {
    List<Long> going = new ArrayList<>();
    long room = after.worker(now).capacityBytes();
    for (int slot = before.firstReplicaOn(worker);
        slot != LifecycleView.NONE;
        slot = before.nextReplicaOn(slot)) {
      long size = before.chunkSizeBytes(before.replicaChunk(slot));
      int there = after.chunkPosition(before.chunkKey(before.replicaChunk(slot)));
      int later = after.findReplica(there, now);
      if (before.replicaState(slot) == ReplicaState.ASSIGNED && !after.possessed(later)) {
        going.add(size);
      } else {
        room -= size;
      }
    }
    long most = room;
    long sum = going.stream().mapToLong(Long::longValue).filter(size -> size <= most).sum();
    return Math.max(0, Math.min(room, sum));
  }
}
