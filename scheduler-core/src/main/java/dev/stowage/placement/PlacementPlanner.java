package dev.stowage.placement;

import dev.stowage.config.PlacementConfig;
import dev.stowage.model.StowageOption;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import dev.stowage.placement.answer.PlanOutcome;
import dev.stowage.placement.input.FlatInput;
import java.util.Optional;
import java.util.function.Function;

/**
 * Plans replicas and the next feasible steps. Equal inputs give equal plans, byte for byte. It
 * never overcommits a worker, endangers a floor, or throws because something does not fit.
 */
public interface PlacementPlanner extends StowageOption {
  /** Returns a plan of one step, with what stays short and why. */
  PlacementPlan plan(PlacementInput input);

  /** Returns a planner fed with changes, or empty; {@code order} is canonical by slot. */
  default Optional<WarmPlanner> warm(PlacementConfig config, SlotOrder order) {
    return Optional.empty();
  }

  /** Returns a planner of whole inputs. Thread-safe if {@code outcome} is. */
  @SuppressWarnings("exports") // for the baseline of our own comparisons
  static PlacementPlanner of(Function<FlatInput, PlanOutcome> outcome) {
    return input -> new PlacementPlan(outcome.apply(input.flat), outcome);
  }

  /** Returns the default planner, which keeps replicas unless a rule removes them. Thread-safe. */
  static PlacementPlanner sticky() {
    return StickyPlanner.INSTANCE;
  }
}
