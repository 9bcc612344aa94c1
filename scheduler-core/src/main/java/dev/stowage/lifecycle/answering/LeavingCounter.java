package dev.stowage.lifecycle.answering;

import dev.stowage.answer.Leaving;
import dev.stowage.answer.Leaving.Part;
import dev.stowage.answer.Leaving.StuckPart;
import dev.stowage.command.Result;
import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.Reason;
import dev.stowage.lifecycle.Forecast;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.lifecycle.planning.PlannedRows;
import dev.stowage.lifecycle.state.DeletionRule;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts the replicas of a worker for {@link Leaving}. */
public final class LeavingCounter {
  private enum Wait {
    COPYING,
    CONFIRMATION,
    DRAIN_WINDOW,
    UNPLANNED,
    BUDGET,
    WANTED
  }

  private final LifecycleView view;
  private final int worker;
  private final Forecast plan;
  private final WorkerStatus status;
  private final boolean isPlanned;
  private final boolean isBounded;
  private final Map<ChunkKey, Reason> reasons = new TreeMap<>();
  private final LeavingJudge judge;
  private final long now;
  private final Map<Wait, Part> waiting = new EnumMap<>(Wait.class);
  private final Map<Reason, Part> stuck = new EnumMap<>(Reason.class);

  private LeavingCounter(LifecycleView view, int worker, Forecast plan) {
    this.view = view;
    this.worker = worker;
    this.plan = plan;
    status = view.worker(worker).status();
    WorkerId id = view.workerId(worker);
    isPlanned = plan.isOf(id, status);
    isBounded = plan.tick().isPresent() ? isBounded(budget(plan, view)) : isBounded(view.config());
    judge = new LeavingJudge(view);
    now = judge.now();
    for (Result.Stuck each : plan.stuck()) {
      if (each.worker().equals(id)) {
        reasons.put(each.chunk(), each.reason());
      }
    }
  }

  /** Returns the parts by a state and the last plan; empty for unknown workers. */
  public static Optional<Leaving> of(LifecycleView view, WorkerId id, Forecast plan) {
    int worker = view.workerPosition(id);
    return worker < 0
        ? Optional.empty()
        : Optional.of(new LeavingCounter(view, worker, plan).count());
  }

  /**
   * Returns the budget that holds back moves: the plan's if something took of it, else the next
   * plan's by the state, which a follower knows too.
   */
  static BudgetInForce budget(Forecast plan, LifecycleView state) {
    return plan.budget()
        .filter(it -> it.heldBytes() > 0)
        .orElseGet(() ->
            PlannedRows.budget(state.tables(), PlanningAdvice.NONE, state.largestTick().value()));
  }

  private static boolean isBounded(BudgetInForce budget) {
    return budget.bytes() < Long.MAX_VALUE || budget.heldBytes() > 0;
  }

  // Without a plan the rows of this worker may be all that was read: the pressure of others and the
  // copies in flight to them are not known.
  private static boolean isBounded(LifecycleConfig config) {
    return config.placement().budget().bytes() < Long.MAX_VALUE
        || config.feedback().maxInFlightBytes() != LifecycleConfig.NEVER;
  }

  private Leaving count() {
    for (int slot = view.firstReplicaOn(worker);
        slot != LifecycleView.NONE;
        slot = view.nextReplicaOn(slot)) {
      enter(slot);
    }
    List<StuckPart> hindered = new ArrayList<>();
    stuck.forEach((reason, part) -> hindered.add(new StuckPart(reason, part)));
    return new Leaving(
        view.workerId(worker),
        status,
        Tick.of(now),
        plan.tick(),
        part(Wait.COPYING),
        part(Wait.CONFIRMATION),
        part(Wait.DRAIN_WINDOW),
        part(Wait.UNPLANNED),
        part(Wait.BUDGET),
        hindered,
        part(Wait.WANTED),
        judge.judge(worker));
  }

  private Part part(Wait wait) {
    return waiting.getOrDefault(wait, Part.NONE);
  }

  private void enter(int slot) {
    int chunk = view.replicaChunk(slot);
    Part one = new Part(1, view.chunkSizeBytes(chunk));
    boolean isAssigned = view.replicaState(slot) == ReplicaState.ASSIGNED;
    Reason reason = isAssigned && isPlanned ? reasons.get(view.chunkKey(chunk)) : null;
    if (reason == null) {
      waiting.merge(wait(chunk, slot), one, Part::and);
    } else {
      stuck.merge(reason, one, Part::and);
    }
  }

  private Wait wait(int chunk, int slot) {
    if (!view.isLive(chunk)) {
      return Wait.DRAIN_WINDOW;
    }
    if (view.replicaState(slot) == ReplicaState.ASSIGNED) {
      return assigned(chunk, slot);
    }
    if (view.routed(slot)) {
      return replaced(chunk);
    }
    boolean goes =
        view.readable(slot, now)
            || view.isPaused(now)
            || new DeletionRule(view.tables(), view::floor, now).allows(slot);
    return goes ? Wait.DRAIN_WINDOW : replaced(chunk);
  }

  private Wait assigned(int chunk, int slot) {
    if (status == WorkerStatus.AWAY) {
      return switch (judge.hindrance(chunk, slot, view.tables().workers.entry(worker))) {
        case FLOOR -> Wait.COPYING;
        case ROUTED -> Wait.CONFIRMATION;
        case WINDOW -> Wait.DRAIN_WINDOW;
        default -> Wait.WANTED;
      };
    }
    if (status != WorkerStatus.LEAVING) {
      return Wait.WANTED;
    }
    boolean isKnown = isPlanned || plan.tick().isEmpty();
    return isKnown && isBounded ? Wait.BUDGET : Wait.UNPLANNED;
  }

  // Copies on workers that leave or are away take nobody's place.
  private Wait replaced(int chunk) {
    int places = 0;
    for (int slot = view.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = view.nextReplica(slot)) {
      boolean isPlace = !view.tables().workers.entry(view.replicaWorker(slot)).mayStop();
      if (isPlace && view.replicaState(slot) == ReplicaState.ASSIGNED) {
        if (!view.reportedPossessed(slot)) {
          return Wait.COPYING;
        }
        places++;
      }
    }
    return places < view.floor(chunk) ? Wait.UNPLANNED : Wait.CONFIRMATION;
  }
}
