package dev.stowage.config;

/** The rule by which promotion and release wait for the floor (lifecycle design, section 4). */
public enum Gates {
  /** They wait for the floor. */
  ON,
  /** One confirmed replica is enough. */
  NONE
}
