package dev.stowage.sim.kit.scenario;

import dev.stowage.command.Result;
import org.jspecify.annotations.Nullable;

/** The effects of one cycle, or of several in a row. */
record CycleTrace(boolean changed, boolean minted) {
  static final CycleTrace NOTHING = new CycleTrace(false, false);

  static CycleTrace of(Result result) {
    if (result instanceof Result.Scheduled cycle) {
      return new CycleTrace(cycle.changed(), cycle.minted().isPresent());
    }
    return result instanceof Result.Published cycle
        ? new CycleTrace(cycle.changed(), cycle.minted().isPresent())
        : new CycleTrace(((Result.Purged) result).changed(), false);
  }

  CycleTrace and(@Nullable CycleTrace other) {
    return other == null ? this : new CycleTrace(changed || other.changed, minted || other.minted);
  }
}
