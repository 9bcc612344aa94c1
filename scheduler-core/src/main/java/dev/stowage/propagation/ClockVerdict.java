package dev.stowage.propagation;

/** The judgement of a reading of the host's clock. */
public enum ClockVerdict {
  /** The reading is the time. */
  STEADY,
  /** The reading lies before an earlier one, and reads as that. */
  BACK,
  /** The reading is implausibly far ahead and is refused, unless the next one agrees. */
  AHEAD
}
