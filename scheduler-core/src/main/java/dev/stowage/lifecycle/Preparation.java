package dev.stowage.lifecycle;

import dev.stowage.lifecycle.planning.PlanMemory;
import dev.stowage.lifecycle.planning.Prepared;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.Cause;
import dev.stowage.placement.Explanation;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.pressure.PressureBand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a host plans from, outside of any transaction; see {@link Lifecycle#prepare}. The state may
 * go on meanwhile. One thread at a time.
 */
public final class Preparation {
  private final Tables tables;
  private final Prepared prepared;
  private @Nullable PlacementPlan plan;

  Preparation(Tables tables, Prepared prepared) {
    this.tables = tables;
    this.prepared = prepared;
  }

  /**
   * The plan, made by the planner of the lifecycle when it is asked for first.
   *
   * @throws IllegalStateException if the state was prepared anew before that
   */
  public PlacementPlan plan() {
    PlacementPlan made = plan;
    if (made == null) {
      made = prepared.source().plan();
      plan = made;
    }
    return made;
  }

  /**
   * The chunks of which the plan gives up replicas because they have too many, in canonical order.
   */
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

  /**
   * How many replicas an action takes from a chunk because it has too many. The level may have
   * chosen anew which ones go, and says so as its own cause: what counts is how many are left.
   */
  private static int givenUp(PlacementPlan plan, int action) {
    boolean isOther = plan.cause(action) == Cause.SHED || plan.cause(action) == Cause.REPAIR;
    return switch (plan.kind(action)) {
      case SUPERSEDE -> isOther ? 0 : 1;
      case ADD, READOPT -> isOther ? 0 : -1;
      case PREEMPT -> 0;
    };
  }

  /** The chunk that the plan calls by a number. */
  public ChunkKey chunk(int number) {
    return prepared.facts().key(prepared.source().chunk(number));
  }

  /** The worker that the plan calls by a number; to be asked before the state goes on. */
  public WorkerId worker(int number) {
    return tables.workers.entry(prepared.source().worker(number)).description.id();
  }

  /**
   * Why a chunk is where the plan has it, or is deferred; to be asked before the state goes on.
   *
   * @return empty if nothing is planned for it
   */
  public Optional<Explanation> explain(ChunkKey chunk) {
    int number = prepared.source().numberOfChunk(tables.chunks.find(chunk));
    return number < 0
        ? Optional.empty()
        : Optional.of(withBudget(plan().explain(number, at -> chunk(at).toString())));
  }

  /**
   * Why a worker is as full as the plan has it; to be asked before the state goes on.
   *
   * @return empty if the plan does not know it
   */
  public Optional<Explanation> explain(WorkerId worker) {
    int number = prepared.source().numberOfWorker(tables.workers.find(worker));
    return number < 0
        ? Optional.empty()
        : Optional.of(withBudget(withPressure(plan().explainWorker(number), worker)));
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
    return new Explanation(of.subject(), lines);
  }

  /** What the plan says of a worker; to be asked before the state goes on. */
  Forecast forecast(WorkerId worker) {
    int holder = prepared.source().numberOfWorker(tables.workers.find(worker));
    return Forecast.of(
        worker, chunk -> keeps(chunk, holder), PlanMemory.stuck(plan(), prepared, tables));
  }

  /**
   * Whether the plan goes on to want a chunk on a worker; what it does not know it leaves alone.
   */
  private boolean keeps(int chunk, int holder) {
    int number = prepared.source().numberOfChunk(chunk);
    return number < 0 || holder < 0 || plan().wants(number, holder);
  }

  @SuppressWarnings("ReferenceEquality")
  boolean made(PlacementPlan other) {
    return plan == other;
  }

  Prepared prepared() {
    return prepared;
  }
}
