package dev.stowage.placement;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Where should each replica be, and what is the next feasible step? A pure function: equal inputs
 * give equal plans, byte for byte, with any number of threads. It never overcommits a worker, never
 * endangers a floor and never throws because something does not fit.
 */
public interface PlacementPlanner {
  /**
   * Plans one step.
   *
   * @param input what is held, wanted and allowed
   * @return the plan, with what stays short and why
   */
  PlacementPlan plan(PlacementInput input);

  /**
   * A planner of this kind that keeps an index and is fed what changes; its plans equal those of
   * {@link #plan}.
   *
   * @param config the configuration it begins with
   * @param order the canonical order of the chunks by their slots
   * @return empty if this kind knows only how to plan from scratch
   */
  default Optional<WarmPlanner> warm(PlacementConfig config, SlotOrder order) {
    return Optional.empty();
  }

  /** The planner proper: what is held stays unless a rule takes it away. Thread-safe. */
  static PlacementPlanner sticky() {
    return StickyPlanner.INSTANCE;
  }

  /**
   * The planner proper, with helpers: it looks at large inputs on up to {@link
   * PlacementConfig#threads} threads, the calling one and others that the executor provides. An
   * executor that is busy only costs speed, and the plan is the same. Thread-safe as far as the
   * executor is.
   */
  static PlacementPlanner sticky(Executor helpers) {
    return new StickyPlanner(Objects.requireNonNull(helpers, "helpers"));
  }
}
