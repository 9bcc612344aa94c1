package dev.stowage.store;

/**
 * What history may be forgotten.
 *
 * @param evidenceBefore evidence records below this index, at least 0
 * @param commitsBefore commit keys of ticks below this one, but for the newest of each epoch
 */
public record HistoryHorizon(long evidenceBefore, long commitsBefore) {
  /** Refuses a negative bound. */
  public HistoryHorizon {
    if (evidenceBefore < 0 || commitsBefore < 0) {
      throw new IllegalArgumentException(
          "horizon is " + evidenceBefore + ", " + commitsBefore + "; at least 0 is accepted");
    }
  }
}
