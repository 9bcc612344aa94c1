package dev.stowage.content;

/** Whether flows share a class. */
public enum Fairness {
  /** Flows take turns, by bytes: deficit round robin. */
  DEFICIT_ROUND_ROBIN,
  /** The best item goes first, whoever's it is. */
  OFF
}
