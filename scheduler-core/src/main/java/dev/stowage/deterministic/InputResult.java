package dev.stowage.deterministic;

/** The answer to an external input. Either way it is in the log. */
public sealed interface InputResult {
  /**
   * The state has it; tasks see it from the next round or step on.
   *
   * @param timestamp the clock after its tick
   */
  record Applied(Timestamp timestamp) implements InputResult {}

  /**
   * The state has no room for a new name.
   *
   * @param capacity names it holds
   */
  record StateFull(int capacity) implements InputResult {}
}
