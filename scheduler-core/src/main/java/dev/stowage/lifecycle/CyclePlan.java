package dev.stowage.lifecycle;

import dev.stowage.answer.Explanation;
import dev.stowage.answer.Progress.Cause;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.HoldUntil;
import dev.stowage.lifecycle.planning.PlanTask;
import dev.stowage.lifecycle.planning.Planning;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.steps.SchedulingCycle;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlanChanges;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A scheduling cycle whose plan is made outside of a transaction, for one thread at a time: {@link
 * Lifecycle#prepare} feeds the planner, {@link #plan} makes the plan while others change the state,
 * and {@link Lifecycle#decide} carries it out. Call {@link #worker} and the {@code explain} methods
 * before the state changes.
 */
public final class CyclePlan {
  private final LeaderCommand.Schedule command;
  private final Planning planning;
  private final Tables tables;
  private final PlanTask fed;
  private final Optional<HoldUntil.Wait> held;

  CyclePlan(
      LeaderCommand.Schedule command,
      Planning planning,
      Tables tables,
      PlanTask fed,
      Optional<HoldUntil.Wait> held) {
    this.command = command;
    this.planning = planning;
    this.tables = tables;
    this.fed = fed;
    this.held = held;
  }

  /** Returns the cycle for which the plan is made. */
  public LeaderCommand.Schedule command() {
    return command;
  }

  /** Returns the plan; throws {@code IllegalStateException} if a later preparation came first. */
  public PlacementPlan plan() {
    return fed.plan();
  }

  /** Begins the cycle anew on the present state, and applies what still fits of the plan. */
  Result.Scheduled finish(Journal journal, LeaderCommand.Schedule now, Tick tick) {
    return new SchedulingCycle(journal, tick.value(), planning, now.waiting()).finish(fed);
  }

  /** Returns what placing waits for, so that no cycle would carry out the plan. */
  public Optional<HoldUntil.Wait> held() {
    return held;
  }

  /** Returns the chunks whose excess replicas the plan gives up, in canonical order. */
  public List<ChunkKey> shrunk() {
    List<ChunkKey> chunks = new ArrayList<>();
    PlacementPlan made = plan();
    int count = made.actionCount();
    for (int begin = 0, end; begin < count; begin = end) {
      int given = 0;
      end = begin;
      while (end < count && made.actionChunk(end) == made.actionChunk(begin)) {
        given += givenUp(made, end++);
      }
      if (given > 0) {
        chunks.add(chunk(made.actionChunk(begin)));
      }
    }
    return chunks;
  }

  /** Counts only the rest: levelling may swap the victims, under causes of its own. */
  private static int givenUp(PlacementPlan plan, int action) {
    boolean isOther = plan.cause(action) == Cause.SHED || plan.cause(action) == Cause.REPAIR;
    return switch (plan.kind(action)) {
      case SUPERSEDE -> isOther ? 0 : 1;
      case ADD, READOPT -> isOther ? 0 : -1;
      case PREEMPT -> 0;
    };
  }

  /** Returns the chunk with this number in the plan. */
  public ChunkKey chunk(int number) {
    return fed.key(number);
  }

  /** Returns the new chunks that the plan leaves out. */
  public List<Result.Shortage> deferred() {
    return fed.named(plan().deferrals());
  }

  /** Returns the established chunks that the plan leaves below their floor. */
  public List<Result.Shortage> shortfalls() {
    return fed.named(plan().shortfalls());
  }

  /** Returns the replicas that the plan cannot move off their worker. */
  public List<Result.Stuck> stuck() {
    return plan().stuck().stream()
        .map(each -> fed.named(each, plan().worker(each.worker())))
        .toList();
  }

  /** Returns what the plan changes. */
  public PlanChanges changes() {
    return fed.changes();
  }

  /** Returns the worker with this number in the plan. */
  public WorkerId worker(int number) {
    return tables.workers.entry(fed.worker(number)).id();
  }

  /** Explains the placement or deferral of a chunk; empty if the plan does not know it. */
  public Optional<Explanation> explain(ChunkKey chunk) {
    int number = fed.numberOfChunk(tables.chunks.find(chunk));
    return number < 0
        ? Optional.empty()
        : Optional.of(withBudget(plan().explain(number, at -> chunk(at).toString())));
  }

  /** Explains the load of a worker, or why the plan leaves it out; empty if it is unknown. */
  public Optional<Explanation> explain(WorkerId worker) {
    WorkerRow entry = tables.workers.entry(worker);
    if (entry == null) {
      return Optional.empty();
    }
    int number = fed.numberOfWorker(entry.position());
    if (number < 0 && entry.isRegistered() && !entry.isDeparted()) {
      // It came after the preparation.
      return Optional.empty();
    }
    if (number < 0) {
      String why =
          entry.isRegistered()
              ? "it has departed, so it takes nothing"
              : "it is described and has not registered, so it takes nothing";
      return Optional.of(new Explanation(worker.toString(), List.of(why)));
    }
    return Optional.of(
        withBudget(withPressure(withDebt(plan().explainWorker(number), entry), worker)));
  }

  // The plan takes the worker for a suspect one.
  private static Explanation withDebt(Explanation of, WorkerRow entry) {
    if (!entry.owesInventory()) {
      return of;
    }
    List<String> lines = new ArrayList<>(of.lines());
    lines.add("it owes an inventory, and takes nothing new before one counts");
    return new Explanation(of.subject(), lines);
  }

  private Explanation withPressure(Explanation of, WorkerId worker) {
    ObservedPressure said = tables.workers.entry(tables.workers.find(worker)).pressure();
    if (said.band() == PressureBand.NORMAL) {
      return of;
    }
    List<String> lines = new ArrayList<>(of.lines());
    long staleAfter = tables.fleet.config().feedback().staleAfterTicks();
    boolean isOver = said.isStaleAt(fed.tick(), staleAfter);
    lines.add(
        "it reported "
            + said.band()
            + " pressure, last at tick "
            + said.measuredTick()
            + (isOver ? ", too long ago to count" : ""));
    return new Explanation(of.subject(), lines);
  }

  private Explanation withBudget(Explanation of) {
    List<String> lines = new ArrayList<>(of.lines());
    lines.addAll(fed.budget().lines());
    held.ifPresent(it -> lines.add("nothing is placed yet: hold_until waits, " + it.inWords()));
    return new Explanation(of.subject(), lines);
  }
}
