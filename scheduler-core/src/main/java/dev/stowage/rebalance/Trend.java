package dev.stowage.rebalance;

/** Where a score goes, compared with its moving average before the newest sample. */
public enum Trend {
  /** More than 0.02 below the average. */
  DEGRADING,
  /** Neither. */
  STABLE,
  /** More than 0.02 above the average. */
  IMPROVING
}
