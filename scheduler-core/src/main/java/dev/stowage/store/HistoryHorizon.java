package dev.stowage.store;

/**
 * The history to forget: evidence below an index, assignments below a tick, and of that evidence
 * the deeds below an index of theirs, all at least 0. A store forgets commit keys by its own
 * timeouts, except the newest key of each epoch.
 */
public record HistoryHorizon(long evidenceBefore, long assignmentsBefore, long deedsBefore) {
  /** Throws {@link IllegalArgumentException} if a bound is negative. */
  public HistoryHorizon {
    long least = Math.min(evidenceBefore, Math.min(assignmentsBefore, deedsBefore));
    if (least < 0) {
      throw new IllegalArgumentException("bound is " + least + "; at least 0 is accepted");
    }
  }

  /** Creates a horizon that keeps all deeds. */
  public HistoryHorizon(long evidenceBefore, long assignmentsBefore) {
    this(evidenceBefore, assignmentsBefore, 0);
  }
}
