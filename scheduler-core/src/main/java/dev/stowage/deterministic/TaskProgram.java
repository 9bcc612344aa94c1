package dev.stowage.deterministic;

import dev.stowage.evidence.Hash256;

/**
 * Code of tasks: a deterministic function of context and argument (no clocks, randomness or mutable
 * shared state), which several threads may run at once. A run costs a tick beside those it counts.
 */
@FunctionalInterface
public interface TaskProgram {
  /** Returns the output; an exception fails the task, and the log holds its class name. */
  Hash256 run(TaskContext context, Payload argument) throws Exception;
}
