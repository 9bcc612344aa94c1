package dev.stowage.lifecycle.planning;

import dev.stowage.columns.IntSet;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WarmPlanner;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Caches the last plan and a warm planner; losing them costs one plan from scratch. */
public final class Planning {
  private final PlacementPlanner planner;
  private final PlanMemory memory = new PlanMemory();
  private @Nullable PlanningFeed feed;

  public Planning(PlacementPlanner planner) {
    this.planner = planner;
  }

  public PlanMemory memory() {
    return memory;
  }

  public void collect() {
    if (feed != null) {
      feed.collect();
    }
  }

  public PlanTask prepare(Tables tables, PlanningAdvice advice, IntSet condemned, long tick) {
    PlannedRows rows = new PlannedRows(tables, tick, advice, condemned);
    PlanningFeed known = fed(tables, rows, tick);
    PlanningFeed feed = known == null ? whole(tables, rows) : known;
    PlanTask fed = new PlanTask(tables, rows, tick, () -> feed.feed(rows, advice, condemned, tick));
    fed.feed();
    return fed;
  }

  /** Returns one with the same planner that knows nothing of this one. */
  public Planning another() {
    return new Planning(planner);
  }

  /** Reports whether the next preparation feeds only what changed. */
  public boolean isWarm(Tables tables, long tick) {
    return feed != null && feed.isGood(tables, tick);
  }

  /** Prepares on tables that nobody writes; their rows are read when the plan is made. */
  public PlanTask prepareApart(Tables tables, PlanningAdvice advice, IntSet condemned, long tick) {
    PlannedRows rows = new PlannedRows(tables, tick, advice, condemned);
    return new PlanTask(
        tables, rows, tick, () -> whole(tables, rows).feed(rows, advice, condemned, tick));
  }

  /** Feeds some chunks if more than {@code most} are to be fed; returns whether more are left. */
  public boolean warmUp(Tables tables, PlanningAdvice advice, int most, long tick) {
    PlannedRows rows = new PlannedRows(tables, tick, advice, new IntSet());
    PlanningFeed known = fed(tables, rows, tick);
    return known != null && known.warmUp(rows, most, tick);
  }

  /** Returns the last number of the new chunks for the next plan; empty for all. */
  public Optional<PlanningAdvice.Newest> next(Tables tables) {
    return NewChunks.next(tables, memory.reached());
  }

  private @Nullable PlanningFeed fed(Tables tables, PlannedRows rows, long tick) {
    PlanningFeed known = feed;
    if (known == null || !known.isGood(tables, tick) || !known.isReachedBy(rows)) {
      PlannedOrder order = new PlannedOrder(tables.chunks.frozenFacts());
      known =
          planner
              .warm(rows.config(), order)
              .map(warm -> new PlanningFeed(tables, warm, order, rows))
              .orElse(null);
      if (known != null) {
        known.takeMarks();
      }
      feed = known;
    }
    return known;
  }

  /** Returns a feed that is told everything for one plan, and leaves all marks to others. */
  private PlanningFeed whole(Tables tables, PlannedRows rows) {
    PlannedOrder order = new PlannedOrder(tables.chunks.frozenFacts());
    WarmPlanner fed = WarmPlanner.before(planner, rows.config(), order);
    return new PlanningFeed(tables, fed, order, rows);
  }
}
