package dev.stowage.deterministic;

/** The priority of a task: higher ones go first inside a core, within a starvation bound. */
public enum Priority {
  /** Level 0, first. */
  HIGH,
  /** Level 1. */
  NORMAL,
  /** Level 2, last. */
  LOW
}
