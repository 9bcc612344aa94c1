package dev.stowage.content;

/**
 * Which rule decided: the first, in the order of precedence, that told the chosen item from the
 * best of those that were not chosen.
 */
public enum ScheduleReason {
  /** It is alone, or of a higher class. */
  PRIORITY_CLASS,
  /** It brings more per cost. */
  EFFICIENCY_OPTIMAL,
  /** It was scheduled earlier. */
  FIFO_ORDER,
  /** It has the smaller id. */
  DETERMINISTIC_TIE_BREAK,
  /** Pressure holds back everything that waits. */
  PRESSURE_THROTTLE,
  /** Its flow has the turn, though another flow has an item that ranks before it. */
  STREAM_FAIRNESS,
  /** It waited too long and a rescue slot was due. */
  AGING,
  /** It is due soon, and sooner than the others. */
  DEADLINE,
  /** It is smaller, which counts under elevated pressure. */
  PRESSURE_SIZE,
  /** The selection policy ranks it higher by a rule of its own. */
  POLICY_ORDER,
  /** What ranks before it lacks permits for bytes; or, throttled, everything does. */
  PACING,
  /** Everything that waits failed before and waits for its next attempt. */
  BACKOFF,
  /** Everything that waits needs a lane, and none is free. */
  NO_LANE
}
