package dev.stowage.sim.tool.run;

import dev.stowage.config.PlacementConfig;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlan.PoolFactor;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WarmPlanner;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import dev.stowage.sim.tool.report.LastPlan;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A planner that delegates, and keeps the hash, the factors and the levels of the last plan. If the
 * delegate keeps an index, so does this one. The index answers only for its last plan, so query it
 * after each cycle, before the next one feeds it changes.
 */
final class PlanLog implements PlacementPlanner {
  private static final long ONE = 1_000_000;

  private final PlacementPlanner planner;
  private final Consumer<PlacementPlan> ofIndex;
  private final Consumer<PlacementPlan> fromScratch;
  private Supplier<Optional<PlacementPlan>> last = Optional::empty;

  /** The last hashed plan; a cycle that plans nothing keeps it. */
  private @Nullable PlacementPlan hashed;

  private String hash = "";

  /**
   * Wraps a planner.
   *
   * @param ofIndex hears of each new plan of an index as it is made
   * @param fromScratch hears of each other plan
   */
  PlanLog(
      PlacementPlanner planner,
      Consumer<PlacementPlan> ofIndex,
      Consumer<PlacementPlan> fromScratch) {
    this.planner = planner;
    this.ofIndex = ofIndex;
    this.fromScratch = fromScratch;
  }

  @Override
  public PlacementPlan plan(PlacementInput input) {
    PlacementPlan plan = planner.plan(input);
    last = () -> Optional.of(plan);
    fromScratch.accept(plan);
    return plan;
  }

  @Override
  public Optional<WarmPlanner> warm(PlacementConfig config, SlotOrder order) {
    Optional<WarmPlanner> warm = planner.warm(config, order);
    warm.ifPresent(index -> {
      index.afterEachPlan(ofIndex);
      last = () -> Optional.of(index.plan());
    });
    return warm;
  }

  /** Returns the hash of the last plan; empty before the first. */
  String hash() {
    PlacementPlan plan = last.get().orElse(null);
    if (plan != null && plan != hashed) {
      hash = plan.planHash();
      hashed = plan;
    }
    return hash;
  }

  List<LastPlan.Group> groups() {
    return last.get().stream()
        .flatMap(plan -> plan.figures().groups().stream())
        .map(group ->
            new LastPlan.Group(
                share(group.level()),
                group.workers(),
                share(group.maxOverMeanFill()),
                share(group.minOverMeanFill())))
        .toList();
  }

  private static double share(long millionths) {
    return (double) millionths / ONE;
  }

  /** Returns the least target of each weight in the last plan. */
  SortedMap<Integer, Integer> targets() {
    SortedMap<Integer, Integer> targets = new TreeMap<>();
    for (PoolFactor factor : last.get().map(PlacementPlan::factors).orElse(List.of())) {
      targets.merge(factor.weight(), (int) (factor.targetMillionths() / ONE), Math::min);
    }
    return targets;
  }
}
