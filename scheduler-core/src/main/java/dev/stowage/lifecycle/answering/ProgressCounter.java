package dev.stowage.lifecycle.answering;

import dev.stowage.answer.Leaving;
import dev.stowage.answer.Progress;
import dev.stowage.answer.Progress.BudgetRate;
import dev.stowage.answer.Progress.CopyCause;
import dev.stowage.answer.Progress.CopyTime;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.Reason;
import dev.stowage.lifecycle.Forecast;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Moved;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlan.KeptBack;
import dev.stowage.placement.PlanChanges.Cycles;
import dev.stowage.shape.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Counts copies to go for {@link Progress}. The time left is by their {@link CopySpeed}. A part
 * without a rate of its own shares the whole's rate, and is done no later than the whole unless its
 * own rate says so.
 */
public final class ProgressCounter {
  private static final int MOST_NAMES = 10;

  /** Copies to go, and their bytes by target. */
  private static final class Going {
    private int copies;
    private long bytes;
    private int stuck;
    private int unplanned;
    private long unplannedBytes;
    private long mostOut;
    private long raisesBytes;
    private final Map<Integer, Long> byTarget = new TreeMap<>();

    void add(int target, long size) {
      copies++;
      bytes = SaturatedSum.of(bytes, size);
      byTarget.merge(target, size, SaturatedSum::of);
    }

    /** Adds copies that lack a place, or nothing but a budget for raises. */
    void addMissing(Leaving.Part part, boolean isRaise) {
      copies += part.replicas();
      bytes = SaturatedSum.of(bytes, part.bytes());
      raisesBytes = SaturatedSum.of(raisesBytes, isRaise ? part.bytes() : 0);
    }

    void addUnplanned(Leaving.Part part, long outBytes) {
      mostOut = Math.max(mostOut, outBytes);
      copies += part.replicas();
      unplanned += part.replicas();
      unplannedBytes = SaturatedSum.of(unplannedBytes, part.bytes());
      bytes = SaturatedSum.of(bytes, part.bytes());
    }
  }

  private final LifecycleView state;
  private final Forecast plan;
  private final CopySpeed speed;
  private final BudgetRate budget;
  private final Moved moved;
  private final long now;
  private final boolean isShort;
  private long largest;
  private final Going all = new Going();
  private Progress.@Nullable Part whole;
  private final Map<CopyCause, Going> causes = new EnumMap<>(CopyCause.class);
  private final SortedMap<WorkerId, Going> leaving = new TreeMap<>();

  private ProgressCounter(LifecycleView state, Forecast plan, Duration tickLength) {
    this.state = state;
    this.plan = plan;
    speed = new CopySpeed(state, tickLength);
    budget = speed.budgetRate();
    moved = speed.moved();
    isShort = state.kept(KeptValue.LEADER_STANDING).backpressure();
    now = state.largestTick().value();
    for (CopyCause cause : CopyCause.values()) {
      causes.put(cause, new Going());
    }
  }

  /**
   * Returns the progress of a state, by what a plan says of it. Costs a pass over all replicas.
   *
   * @param tickLength the length of a tick, above zero
   */
  public static Progress of(LifecycleView state, Forecast plan, Duration tickLength) {
    return new ProgressCounter(state, plan, tickLength).count();
  }

  private Progress count() {
    for (int chunk = 0; chunk < state.chunkLimit(); chunk++) {
      if (state.isChunk(chunk)) {
        countChunk(chunk);
      }
    }
    state.forEachWorker(this::countWorker);
    KeptBack back = state.kept(KeptValue.KEPT_BACK);
    addKeptBack(CopyCause.GROWTH, back.grownCopies(), back.grownBytes());
    addKeptBack(CopyCause.MOVE, back.leveledCopies(), back.leveledBytes());
    whole = part(Moved.ALL, all);
    Map<CopyCause, Progress.Part> byCause = new EnumMap<>(CopyCause.class);
    causes.forEach((cause, going) -> byCause.put(cause, part(cause.word(), going)));
    SortedMap<WorkerId, Progress.Part> byWorker = new TreeMap<>();
    leaving.forEach((worker, going) -> byWorker.put(worker, part(Moved.of(worker), going)));
    return new Progress(
        Tick.of(now), moved.observed(), whole, byCause, byWorker, budget, reasons());
  }

  private void countChunk(int chunk) {
    largest = Math.max(largest, state.chunkSizeBytes(chunk));
    CopyCause cause = null;
    countMissing(chunk);
    for (int slot = state.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = state.nextReplica(slot)) {
      if (isPending(slot)) {
        cause = cause == null ? state.tables().rules.cause(chunk, 0) : cause;
        long size = state.chunkSizeBytes(chunk);
        all.add(state.replicaWorker(slot), size);
        going(cause).add(state.replicaWorker(slot), size);
      }
    }
  }

  // What finds no room waits for no plan.
  private void countMissing(int chunk) {
    int lacking = state.isLive(chunk) ? state.tables().rules.lacking(chunk, now) : 0;
    if (lacking == 0) {
      return;
    }
    CopyCause cause = state.tables().rules.cause(chunk, 0);
    if (cause == CopyCause.RAISE || !isShort) {
      Leaving.Part one = new Leaving.Part(1, state.chunkSizeBytes(chunk));
      for (int copy = 0; copy < lacking; copy++) {
        all.addMissing(one, cause == CopyCause.RAISE);
        going(cause).addMissing(one, cause == CopyCause.RAISE);
      }
    }
  }

  private void addKeptBack(CopyCause cause, long copies, long bytes) {
    Leaving.Part part = new Leaving.Part((int) Math.min(Integer.MAX_VALUE, copies), bytes);
    all.addUnplanned(part, 0);
    going(cause).addUnplanned(part, 0);
  }

  private Going going(CopyCause cause) {
    return causes.computeIfAbsent(cause, each -> new Going());
  }

  private boolean isPending(int slot) {
    return state.replicaState(slot) == ReplicaState.ASSIGNED && !state.possessed(slot);
  }

  private void countWorker(int position) {
    if (!state.tables().workers.entry(position).isToLeave() || !state.isPresent(position)) {
      return;
    }
    WorkerId worker = state.workerId(position);
    Leaving parts = LeavingCounter.of(state, worker, plan).orElseThrow();
    Going going = new Going();
    leaving.put(worker, going);
    Leaving.Part frozen =
        parts.stuck().stream()
            .filter(each -> each.reason() == Reason.FROZEN)
            .map(Leaving.StuckPart::part)
            .reduce(Leaving.Part.NONE, Leaving.Part::and);
    going.stuck = parts.stuckPart().replicas() - frozen.replicas();
    for (int slot = state.firstReplicaOn(position);
        slot != LifecycleView.NONE;
        slot = state.nextReplicaOn(slot)) {
      if (state.replicaState(slot) != ReplicaState.ASSIGNED) {
        countCopies(going, state.replicaChunk(slot));
      }
    }
    Leaving.Part unplanned = parts.unplanned().and(parts.budget()).and(frozen);
    for (Going each : List.of(going, all, going(CopyCause.LEAVE))) {
      each.addUnplanned(unplanned, unplanned.bytes());
    }
    all.stuck += going.stuck;
    going(CopyCause.LEAVE).stuck += going.stuck;
  }

  private void countCopies(Going going, int chunk) {
    for (int slot = state.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = state.nextReplica(slot)) {
      if (isPending(slot)) {
        going.add(state.replicaWorker(slot), state.chunkSizeBytes(chunk));
        return;
      }
    }
  }

  private Progress.Part part(String name, Going going) {
    Moved.Rate rate = speed.rate(name);
    CopyTime left = going.copies == 0 ? CopyTime.NONE : speed.time(rest(going), name);
    Progress.Part bound = whole;
    return new Progress.Part(
        going.copies,
        going.bytes,
        going.stuck,
        moved.stream(name).map(Moved.Stream::copies).orElse(0L),
        moved.stream(name).map(Moved.Stream::bytes).orElse(0L),
        rate.least(),
        rate.most(),
        bound == null ? left.leastSeconds() : Math.min(left.leastSeconds(), bound.leastSeconds()),
        bound == null
            ? left.mostSeconds()
            : Math.max(
                Math.min(left.mostSeconds(), bound.mostSeconds()),
                Double.isNaN(rate.least()) ? 0 : going.bytes / rate.least()));
  }

  // In which order plans let go what they keep back is not known.
  private CopySpeed.Rest rest(Going going) {
    MovementBudget budget = speed.budget();
    Cycles own =
        Cycles.under(budget, going.unplannedBytes, going.unplanned, going.mostOut, largest);
    Cycles of = Cycles.under(budget, all.unplannedBytes, all.unplanned, all.mostOut, largest);
    Cycles moves = going.unplanned == 0 ? Cycles.NONE : new Cycles(own.least(), of.most());
    MovementBudget raise = MovementBudget.ofBytes(state.config().raiseBudget(budget.bytes()));
    Cycles raises = Cycles.under(raise, going.raisesBytes, 0, 0, largest);
    Cycles cycles = new Cycles(Math.max(moves.least(), raises.least()), moves.and(raises).most());
    return new CopySpeed.Rest(going.bytes, going.byTarget.values(), cycles);
  }

  /** Returns why nothing moves; empty while reports of copies come. */
  private List<String> reasons() {
    List<String> reasons = new ArrayList<>();
    boolean isMoving =
        moved.stream(Moved.ALL).filter(it -> now - it.lastTick() <= Moved.STILL_TICKS).isPresent();
    if (isMoving || all.copies + all.stuck == 0) {
      return reasons;
    }
    if (state.isPaused(now)) {
      reasons.add("a new lineage began, and its pause is not over");
    }
    state.held().ifPresent(it -> reasons.add("placing waits: " + it.inWords()));
    if (state.isFrozen()) {
      reasons.add("the fleet is frozen: only floors are repaired");
    }
    if (all.unplanned > 0) {
      reasons.addAll(LeavingCounter.budget(plan, state).lines());
      if (speed.budget().bytes() == 0) {
        reasons.add("no budget: pressure is " + state.pressureAt(now) + ", or the budget is 0");
      }
      if (plan.tick().isEmpty() && !leaving.isEmpty()) {
        reasons.add("no plan that is known here looked at what is to leave");
      }
    }
    if (all.stuck > 0) {
      reasons.add("no room, or another hindrance: " + all.stuck + " replicas are stuck");
    }
    if (!all.byTarget.isEmpty()) {
      reasons.add("waiting for reports of " + targets());
    }
    return reasons;
  }

  private String targets() {
    TreeSet<String> names = new TreeSet<>();
    for (int target : all.byTarget.keySet()) {
      boolean isSuspect = state.worker(target).status() == WorkerStatus.SUSPECT;
      names.add(state.workerId(target) + (isSuspect ? " (suspect)" : ""));
    }
    String named = String.join(", ", names.stream().limit(MOST_NAMES).toList());
    String more = names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "";
    return named + more + ": " + Unit.BYTES.print(all.bytes) + " are to be copied";
  }
}
