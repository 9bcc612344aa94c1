package dev.stowage.propagation;

/** What became of a declaration of interest. */
public enum InterestAnswer {
  /** It is new. */
  REGISTERED,
  /** It took the place of an earlier one. */
  REPLACED,
  /** An earlier one was taken back. */
  REMOVED,
  /** There was none to take back; nothing changed. */
  UNKNOWN,
  /** It had expired when it came; nothing changed. */
  EXPIRED,
  /** It was declared further ahead of the clock than clocks may differ; nothing changed. */
  FROM_THE_FUTURE,
  /** The time it came with is implausibly far ahead of the latest; nothing changed. */
  CLOCK_AHEAD
}
