package dev.stowage.store;

/**
 * The history to forget: evidence below an index and assignments below a tick, both at least 0. A
 * store forgets commit keys by its own timeouts, except the newest key of each epoch.
 */
public record HistoryHorizon(long evidenceBefore, long assignmentsBefore) {
  /** Throws {@link IllegalArgumentException} if a bound is negative. */
  public HistoryHorizon {
    if (evidenceBefore < 0 || assignmentsBefore < 0) {
      throw new IllegalArgumentException(
          "horizon is " + evidenceBefore + ", " + assignmentsBefore + "; at least 0 is accepted");
    }
  }
}
