package dev.stowage.content;

/** The first rule, in order of precedence, that set the selected item before the best other one. */
public enum ScheduleReason {
  /** The item is alone or of a higher class. */
  PRIORITY_CLASS,
  /** The item has more utility per cost. */
  EFFICIENCY_OPTIMAL,
  /** The item was scheduled earlier. */
  FIFO_ORDER,
  /** The item has the smaller id. */
  DETERMINISTIC_TIE_BREAK,
  /** Pressure holds back all waiting items. */
  PRESSURE_THROTTLE,
  /** The item's flow has the turn, although another flow has a better item. */
  STREAM_FAIRNESS,
  /** The item waited too long and a rescue slot was due. */
  AGING,
  /** The item is due soon, and sooner than the others. */
  DEADLINE,
  /** The item is smaller, which counts under elevated pressure. */
  PRESSURE_SIZE,
  /** The policy ranks the item higher by its own rule. */
  POLICY_ORDER,
  /** Better items lack permits for bytes or room in a window; when throttled, all items do. */
  PACING,
  /** All waiting items failed before and are in backoff. */
  BACKOFF,
  /** All waiting items need a lane, and none is free. */
  NO_LANE,
  /** Enough items are on the way to the destination of each waiting item. */
  WINDOW
}
