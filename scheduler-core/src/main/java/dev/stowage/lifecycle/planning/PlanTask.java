package dev.stowage.lifecycle.planning;

import dev.stowage.command.Result;
import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.PlanChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The feed of a planner for one plan, and the plan by positions. For one thread at a time. */
public final class PlanTask {
  private final Supplier<PlanningFeed> feeding;
  private final ChunkFacts facts;
  private final long version;
  private final long tick;
  private final BudgetInForce budget;
  private final Set<WorkerId> leaving;
  private final NewChunks newChunks;
  private final UnaryOperator<PlanChanges> withRaises;
  private @Nullable PlanningFeed feed;
  private long generation;
  private @Nullable PlacementPlan plan;

  /** Feeds by {@code feeding} when it is first asked. */
  PlanTask(Tables tables, PlannedRows rows, long tick, Supplier<PlanningFeed> feeding) {
    this.feeding = feeding;
    this.tick = tick;
    facts = tables.chunks.frozenFacts();
    version = tables.planVersion;
    budget = rows.budget();
    leaving = rows.leaving();
    newChunks = rows.newChunks();
    withRaises = rows.withRaises();
  }

  PlanningFeed feed() {
    PlanningFeed known = feed;
    if (known == null) {
      known = feeding.get();
      feed = known;
      generation = known.generation();
    }
    return known;
  }

  /** Returns the plan; throws {@code IllegalStateException} if the planner was fed again first. */
  public PlacementPlan plan() {
    PlacementPlan made = plan;
    if (made == null) {
      made = feed().plan(generation);
      plan = made;
    }
    return made;
  }

  /** Reports whether nothing that planning depends on has changed. */
  public boolean isCurrent(Tables tables, long now) {
    return version == tables.planVersion && tick == now;
  }

  /** Returns what the plan changes, and what it leaves to later ones. */
  public PlanChanges changes() {
    return withRaises.apply(plan().changes(this::key));
  }

  public long tick() {
    return tick;
  }

  public BudgetInForce budget() {
    return budget;
  }

  Set<WorkerId> leaving() {
    return leaving;
  }

  /** Returns the new chunks that the plan considers. */
  public NewChunks newChunks() {
    return newChunks;
  }

  /** Returns the facts of the chunks when the planner was fed. */
  ChunkFacts facts() {
    return facts;
  }

  int chunk(int number) {
    return feed().planner().slotOfChunk(number);
  }

  public int worker(int number) {
    return feed().planner().slotOfWorker(number);
  }

  public int numberOfChunk(int position) {
    return feed().planner().numberOfChunk(position);
  }

  public int numberOfWorker(int position) {
    return feed().planner().numberOfWorker(position);
  }

  public ChunkKey key(int number) {
    return facts.key(chunk(number));
  }

  /** Returns a stuck replica in the names of its chunk and worker. */
  public Result.Stuck named(PlacementPlan.Stuck stuck, WorkerId worker) {
    return new Result.Stuck(
        key(stuck.chunk()),
        worker,
        facts.sizeBytes(chunk(stuck.chunk())),
        stuck.reason(),
        stuck.eligibleWorkers(),
        stuck.mostRoomBytes());
  }

  /** Returns shortages in the names of the chunks. */
  public List<Result.Shortage> named(List<Shortage> shortages) {
    List<Result.Shortage> all = new ArrayList<>(shortages.size());
    for (Shortage shortage : shortages) {
      String reason =
          shortage.reason()
              + ": "
              + shortage.eligibleWorkers()
              + " workers may take it, the most room on one is "
              + shortage.largestRoomBytes()
              + " bytes";
      all.add(
          new Result.Shortage(
              key(shortage.chunk()), shortage.missing(), reason, shortage.isRaise()));
    }
    return all;
  }
}
