package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.Tick;
import dev.stowage.sim.kit.world.StepFailure;

/**
 * A sequence of rounds that ends when as many in a row as the drain window plus two changed nothing
 * while time went on, and no window or pause is open.
 *
 * @param most the most rounds
 * @param mayBeCrowded true if a fleet may end unsettled where bytes unknown to the store keep a
 *     worker from taking its assigned chunks
 */
record Settling(long most, boolean mayBeCrowded) {
  StepOutcome in(ScenarioWorld world) {
    CycleTrace all = CycleTrace.NOTHING;
    long calm = 0;
    long wanted = 0;
    long crowded = Long.MIN_VALUE;
    world.settled(false, all);
    for (long done = 0; done < most; done++) {
      Tick before = world.books().largestTick();
      StepOutcome outcome = world.rounds(1);
      if (!outcome.isDone()) {
        return outcome;
      }
      all = world.cycle().map(all::and).orElse(all);
      LifecycleSnapshot now = world.books();
      // While time stands, a fleet that changes nothing may only be waiting.
      boolean isLater = now.largestTick().compareTo(before) > 0;
      calm = world.isCalm() ? calm + (isLater ? 1 : 0) : 0;
      long tick = now.largestTick().value();
      wanted = Math.max(now.config().drainWindowTicks(), now.windowTicks(tick)) + 2;
      // In the pause of a new lineage workers obey nothing, so nothing changes.
      if (calm >= wanted && !now.isPaused(tick) && !StateQueries.isWindowOpen(now, tick)) {
        world.settled(true, all);
        return StepOutcome.DONE;
      }
      crowded = mayBeCrowded && StateQueries.isCrowded(world) ? done : crowded;
    }
    // It is tried again and again, but is not always in the way of what is tried just now.
    if (crowded >= most - wanted) {
      world.settled(false, all);
      return StepOutcome.DONE;
    }
    throw new StepFailure(
        wanted + " rounds in a row that change nothing, within " + most + " rounds",
        "only the last " + calm + " changed nothing");
  }
}
