package dev.stowage.pressure;

import java.util.Set;

/**
 * The governor's answer.
 *
 * @param outcome whether work may come in
 * @param verdict how much of the picture the governor saw
 * @param overall the greatest live load in ten-thousandths
 * @param exceeded the live signals above their threshold; reported even where the governor only
 *     observes
 */
public record LoadDecision(
    Outcome outcome, Verdict verdict, long overall, Set<LoadSignal> exceeded) {
  /** Whether work may come in. */
  public enum Outcome {
    /** It may. */
    ADMIT,
    /** It may, and its sender should slow down. */
    ADMIT_WITH_BACKPRESSURE,
    /** It may not. */
    REJECT
  }

  /** How much of the picture the governor saw; the number is what a metric shows. */
  public enum Verdict {
    /** All five signals were live. */
    COMPLETE(0),
    /** Some were. */
    PARTIAL_SIGNALS_UNAVAILABLE(1),
    /** None was: there is nothing to win by deciding. */
    NO_WIN_NO_LIVE_SIGNALS(2);

    private final int metric;

    Verdict(int metric) {
      this.metric = metric;
    }

    /** The number that a metric shows. */
    public int metric() {
      return metric;
    }
  }
}
