package dev.stowage.engine;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.Tick;
import dev.stowage.store.HistoryHorizon;
import dev.stowage.store.StoreSession;

/** Trims the evidence and assignments in a store that retention no longer keeps. Stateless. */
final class HistoryTrim {
  private static final int TRIMMED_AT_ONCE = 10_000;
  private static final int MOST_BATCHES = 100;

  private HistoryTrim() {}

  /**
   * Deletes what lies before the horizon, at most 100 batches of 10,000 rows; the next purge
   * deletes what is left.
   *
   * @param firstKept the index of the first evidence record to keep
   * @param tick from which the horizon of assignments is counted back
   */
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
