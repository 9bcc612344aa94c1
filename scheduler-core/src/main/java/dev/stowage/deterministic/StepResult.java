package dev.stowage.deterministic;

import java.util.Optional;

/** The answer of a step. */
public sealed interface StepResult {
  /**
   * A task was taken from the core's queue.
   *
   * @param outcome what became of it
   * @param receipt what it handed back, if it was an observation whose guards could be evaluated
   */
  record Ran(TaskOutcome outcome, Optional<Receipt> receipt) implements StepResult {}

  /**
   * The core's queue is empty; nothing was logged.
   *
   * @param core which
   */
  record NoWork(int core) implements StepResult {}
}
