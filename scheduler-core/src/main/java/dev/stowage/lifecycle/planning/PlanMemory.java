package dev.stowage.lifecycle.planning;

import dev.stowage.answer.LeaderStanding;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.command.Result;
import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlan.PlanFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Caches a plan that changed nothing: a pure planner repeats it until its input changes. */
public final class PlanMemory {
  private static final long NEVER_PLANNED = -1;

  private List<Result.Shortage> deferred = List.of();
  private List<Result.Shortage> shortfalls = List.of();
  private List<Result.Stuck> stuck = List.of();
  private List<LeaderStanding.Level> levels = List.of();
  private Optional<Tick> madeAt = Optional.empty();
  private Set<WorkerId> leaving = Set.of();
  private PlanningAdvice.@Nullable Newest reached;
  private boolean isBackpressure;
  private long version = NEVER_PLANNED;
  private long goodUntil;
  private @Nullable BudgetInForce budget;

  public List<Result.Shortage> deferred() {
    return deferred;
  }

  public List<Result.Shortage> shortfalls() {
    return shortfalls;
  }

  public List<Result.Stuck> stuck() {
    return stuck;
  }

  /** Returns the tick of the last plan, or of a later cycle that needed none; empty before it. */
  public Optional<Tick> madeAt() {
    return madeAt;
  }

  public Optional<BudgetInForce> budget() {
    return Optional.ofNullable(budget);
  }

  public Set<WorkerId> leaving() {
    return leaving;
  }

  public List<LeaderStanding.Level> levels() {
    return levels;
  }

  public boolean isBackpressure() {
    return isBackpressure;
  }

  public boolean isFixedPoint(Tables tables, long tick) {
    return version == tables.planVersion
        && tick < goodUntil
        && PlannedRows.budget(tables, PlanningAdvice.NONE, tick).equals(budget);
  }

  public void remember(PlanTask fed, Tables tables) {
    PlacementPlan plan = fed.plan();
    levels = levels(plan.groups());
    deferred = fed.named(plan.deferrals());
    shortfalls = fed.named(plan.shortfalls());
    stuck = stuck(fed, tables);
    madeAt = Optional.of(Tick.of(fed.tick()));
    leaving = fed.leaving();
    reached = fed.newChunks().last();
    isBackpressure = plan.isBackpressure() || !deferred.isEmpty() || !shortfalls.isEmpty();
    version = NEVER_PLANNED;
  }

  // Most workers have one level in common: the level of most names none of them.
  private static List<LeaderStanding.Level> levels(List<PlanFigures.Group> groups) {
    int most = groups.stream().mapToInt(PlanFigures.Group::workers).max().orElse(0);
    List<LeaderStanding.Level> levels = new ArrayList<>(groups.size());
    boolean isNamed = false;
    for (PlanFigures.Group each : groups) {
      boolean isOfMost = !isNamed && each.workers() == most;
      isNamed |= isOfMost;
      levels.add(new LeaderStanding.Level(each.level(), isOfMost ? List.of() : each.members()));
    }
    return levels;
  }

  /** Returns the newest chunk that the last plan considered; null before it. */
  PlanningAdvice.@Nullable Newest reached() {
    return reached;
  }

  public void holds(Tables tables, PlanTask fed) {
    if (fed.newChunks().isBounded()) {
      return;
    }
    version = tables.planVersion;
    budget = fed.budget();
    goodUntil = Math.min(fed.feed().goodUntil(), nextRegrowth(tables));
    if (tables.fleet.isPaused(fed.tick())) {
      goodUntil = Math.min(goodUntil, tables.fleet.deleteFromTick());
    }
  }

  public void standsAt(long tick) {
    madeAt = madeAt.map(before -> Tick.of(tick));
  }

  public void forget() {
    version = NEVER_PLANNED;
  }

  private static long nextRegrowth(Tables tables) {
    long[] next = {Long.MAX_VALUE};
    long ticks = tables.fleet.config().regrowAfterTicks();
    tables.chunks.losses.forEach(chunk -> {
      long oldest = tables.chunks.losses.getOr(chunk, List.of()).get(0);
      next[0] = Math.min(next[0], SaturatedSum.of(oldest, ticks));
    });
    return next[0];
  }

  private static List<Result.Stuck> stuck(PlanTask fed, Tables tables) {
    List<Result.Stuck> all = new ArrayList<>();
    for (PlacementPlan.Stuck each : fed.plan().stuck()) {
      int worker = fed.worker(each.worker());
      if (tables.workers.exists(worker)) {
        all.add(fed.named(each, tables.workers.entry(worker).id()));
      }
    }
    return all;
  }
}
