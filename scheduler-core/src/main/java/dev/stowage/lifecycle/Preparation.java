package dev.stowage.lifecycle;

import dev.stowage.lifecycle.planning.PlanMemory;
import dev.stowage.lifecycle.planning.Prepared;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WorkerEntry;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.Cause;
import dev.stowage.placement.Explanation;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlanChanges;
import dev.stowage.pressure.PressureBand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The input of a plan made outside of a transaction ({@link Lifecycle#prepare}), for one thread at
 * a time. Call {@link #worker} and the {@code explain} methods before the state changes.
 */
public final class Preparation {
  private final Tables tables;
  private final Prepared prepared;
  private final Optional<HoldUntil.Wait> held;
  private @Nullable PlacementPlan plan;

  Preparation(Tables tables, Prepared prepared, Optional<HoldUntil.Wait> held) {
    this.tables = tables;
    this.prepared = prepared;
    this.held = held;
  }

  /** Returns the plan; throws {@code IllegalStateException} if a later preparation came first. */
  public PlacementPlan plan() {
    PlacementPlan made = plan;
    if (made == null) {
      made = prepared.source().plan();
      plan = made;
    }
    return made;
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

  /** Counts only what is left: levelling may swap the victims, under causes of its own. */
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
    return prepared.facts().key(prepared.source().chunk(number));
  }

  /** Returns the new chunks that the plan leaves out. */
  public List<Result.Shortage> deferred() {
    return PlanMemory.translated(plan().deferrals(), prepared);
  }

  /** Returns the established chunks that the plan leaves below their floor. */
  public List<Result.Shortage> shortfalls() {
    return PlanMemory.translated(plan().shortfalls(), prepared);
  }

  /** Returns the replicas that the plan cannot move off their worker. */
  public List<Result.Stuck> stuck() {
    return plan().stuck().stream()
        .map(each -> PlanMemory.translated(each, prepared, plan().worker(each.worker())))
        .toList();
  }

  /** Returns what the plan changes. */
  public PlanChanges changes() {
    return PlanChanges.of(plan(), this::chunk);
  }

  /** Returns the worker with this number in the plan. */
  public WorkerId worker(int number) {
    return tables.workers.entry(prepared.source().worker(number)).description.id();
  }

  /** Explains the placement or deferral of a chunk; empty if the plan does not know it. */
  public Optional<Explanation> explain(ChunkKey chunk) {
    int number = prepared.source().numberOfChunk(tables.chunks.find(chunk));
    return number < 0
        ? Optional.empty()
        : Optional.of(withBudget(plan().explain(number, at -> chunk(at).toString())));
  }

  /** Explains the load of a worker, or why the plan leaves it out; empty if it is unknown. */
  public Optional<Explanation> explain(WorkerId worker) {
    WorkerEntry entry = tables.workers.entry(worker);
    if (entry == null) {
      return Optional.empty();
    }
    int number = prepared.source().numberOfWorker(entry.position);
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
  private static Explanation withDebt(Explanation of, WorkerEntry entry) {
    if (!entry.owesInventory) {
      return of;
    }
    List<String> lines = new ArrayList<>(of.lines());
    lines.add("it owes an inventory, and takes nothing new before one counts");
    return new Explanation(of.subject(), lines);
  }

  private Explanation withPressure(Explanation of, WorkerId worker) {
    ObservedPressure said = tables.workers.entry(tables.workers.find(worker)).pressure;
    if (said.band() == PressureBand.NORMAL) {
      return of;
    }
    List<String> lines = new ArrayList<>(of.lines());
    long staleAfter = tables.fleet.config.feedback().staleAfterTicks();
    boolean isOver = said.isStaleAt(prepared.tick(), staleAfter);
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
    lines.addAll(prepared.budget().lines());
    held.ifPresent(it -> lines.add("nothing is placed yet: hold_until waits, " + it.inWords()));
    return new Explanation(of.subject(), lines);
  }

  @SuppressWarnings("ReferenceEquality")
  boolean made(PlacementPlan other) {
    return plan == other;
  }

  Prepared prepared() {
    return prepared;
  }
}
