package dev.stowage.engine;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.Tick;
import dev.stowage.store.HistoryHorizon;
import dev.stowage.store.StoreSession;

/** Lets a store forget evidence and assignments that retention no longer wants. Stateless. */
final class OldHistory {
  private static final int TRIMMED_AT_ONCE = 10_000;
  private static final int MOST_BATCHES = 100;

  private OldHistory() {}

  /** In batches of a bounded size, and not all at once where there is very much of it. */
  static void trim(StoreSession session, long firstKept, LifecycleView fleet, Tick tick) {
    long horizon = tick.value() - fleet.config().retention().assignmentTicks();
    HistoryHorizon forget = new HistoryHorizon(Math.max(0, firstKept), Math.max(0, horizon));
    int batches = 0;
    while (session.trimHistory(forget, TRIMMED_AT_ONCE) == TRIMMED_AT_ONCE
        && batches < MOST_BATCHES) {
      batches++;
    }
  }
}
