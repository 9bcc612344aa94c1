package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.LifecycleSnapshot;

/**
 * Rounds until as many in a row as the drain window plus two have changed nothing.
 *
 * @param most how many rounds there may be
 * @param beside what excuses a fleet that goes on all the same
 */
record Settling(long most, Excuse beside) {
  /** Why a fleet may go on. */
  enum Excuse {
    NONE,
    /** Bytes that the store does not know keep a worker from taking what it is told to hold. */
    UNKNOWN_BYTES
  }

  StepOutcome in(ScenarioWorld world) {
    CycleTrace all = CycleTrace.NOTHING;
    long calm = 0;
    long wanted = 0;
    long crowded = Long.MIN_VALUE;
    for (long done = 0; done < most; done++) {
      StepOutcome outcome = world.rounds(1);
      if (!outcome.isDone()) {
        return outcome;
      }
      all = world.cycle().map(all::and).orElse(all);
      calm = world.isCalm() ? calm + 1 : 0;
      LifecycleSnapshot now = world.books();
      wanted = Math.max(now.config().drainWindowTicks(), now.windowTicks(world.time.tick())) + 2;
      if (calm >= wanted && !Looks.isWindowOpen(now, world.time.tick())) {
        world.settled(true, all);
        return StepOutcome.DONE;
      }
      crowded = beside == Excuse.UNKNOWN_BYTES && Looks.isCrowded(world) ? done : crowded;
    }
    // It is tried again and again, but is not always in the way of what is tried just now.
    if (crowded >= most - wanted) {
      world.settled(false, all);
      return StepOutcome.DONE;
    }
    throw new StepFailure(
        wanted + " rounds in a row that change nothing, within " + most + " rounds",
        "the last " + calm + " changed nothing");
  }
}
