package dev.stowage.deterministic;

import dev.stowage.deterministic.basics.Bounds;

/** The priority of a task: higher ones go first inside a core, within a starvation bound. */
public enum Priority {
  /** Level 0, first. */
  HIGH,
  /** Level 1. */
  NORMAL,
  /** Level 2, last. */
  LOW;

  private static final Priority[] BY_LEVEL = values();

  /** Returns the level, 0 to 2. */
  public int level() {
    return ordinal();
  }

  /** Returns the priority of a level; throws {@code IllegalArgumentException} unless 0 to 2. */
  public static Priority ofLevel(int level) {
    return BY_LEVEL[Bounds.between(level, 0, BY_LEVEL.length - 1, "priority level")];
  }
}
