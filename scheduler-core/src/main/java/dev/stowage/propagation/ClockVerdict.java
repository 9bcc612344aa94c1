package dev.stowage.propagation;

/** What a reading of the host's clock was taken for. */
public enum ClockVerdict {
  /** It is the time. */
  STEADY,
  /** It lies before one that was given already, and is read as that. */
  BACK,
  /** It lies implausibly far ahead: what came with it is refused, unless the next one agrees. */
  AHEAD
}
