package dev.stowage.deterministic;

import dev.stowage.deterministic.basics.Bounds;

/**
 * The three priorities of a task; inside a core higher ones go first, within a starvation bound.
 */
public enum Priority {
  /** Level 0, first. */
  HIGH,
  /** Level 1. */
  NORMAL,
  /** Level 2, last. */
  LOW;

  private static final Priority[] BY_LEVEL = values();

  /** The level, 0 to 2. */
  public int level() {
    return ordinal();
  }

  /**
   * The priority of a level.
   *
   * @throws IllegalArgumentException unless 0 to 2
   */
  public static Priority ofLevel(int level) {
    return BY_LEVEL[Bounds.between(level, 0, BY_LEVEL.length - 1, "priority level")];
  }
}
