package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.Result;
import org.jspecify.annotations.Nullable;

/** What a cycle did, or several in a row. */
record CycleTrace(boolean changed, boolean minted) {
  static final CycleTrace NOTHING = new CycleTrace(false, false);

  static CycleTrace of(Result.Scheduled result) {
    return new CycleTrace(result.changed(), result.minted().isPresent());
  }

  static CycleTrace of(Result.Published result) {
    return new CycleTrace(result.changed(), result.minted().isPresent());
  }

  static CycleTrace of(Result.Purged result) {
    return new CycleTrace(result.changed(), false);
  }

  CycleTrace and(@Nullable CycleTrace other) {
    return other == null ? this : new CycleTrace(changed || other.changed, minted || other.minted);
  }

  /** What a cycle of any kind did. */
  static CycleTrace ofCycle(Result result) {
    if (result instanceof Result.Scheduled cycle) {
      return of(cycle);
    }
    if (result instanceof Result.Published cycle) {
      return of(cycle);
    }
    return of((Result.Purged) result);
  }
}
