package dev.stowage.store;

/**
 * The history to forget: evidence below an index and commit keys below a tick, both at least 0,
 * except the newest key of each epoch.
 */
public record HistoryHorizon(long evidenceBefore, long commitsBefore) {
  /** Throws {@link IllegalArgumentException} if a bound is negative. */
  public HistoryHorizon {
    if (evidenceBefore < 0 || commitsBefore < 0) {
      throw new IllegalArgumentException(
          "horizon is " + evidenceBefore + ", " + commitsBefore + "; at least 0 is accepted");
    }
  }
}
