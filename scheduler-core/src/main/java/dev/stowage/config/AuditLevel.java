package dev.stowage.config;

/** The checks that the engine makes; a violation stops the command before it is durable. */
public enum AuditLevel {
  /** Nothing beyond the checks that each decision makes by itself. */
  OFF,
  /**
   * Every state invariant of what a command changed, and of 4,096 more chunks in turn per cycle.
   */
  CHANGES,
  /** Every state invariant after each cycle: one pass over the fleet. */
  STATE,
  /** Every state and step invariant of each cycle: two passes over the fleet and a copy of it. */
  CYCLES,
  /** Every state and step invariant after every command; keeps a copy of the state before it. */
  ALL
}
