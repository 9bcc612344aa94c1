package dev.stowage.deterministic;

import dev.stowage.evidence.Hash256;

/**
 * Code of {@link Work.Call} tasks: a deterministic function of context and argument (no clocks,
 * randomness or mutable shared state), which several threads may run at once.
 */
@FunctionalInterface
public interface TaskProgram {
  /** Returns the output; an exception fails the task, and the log holds its class name. */
  Hash256 run(TaskContext context, Payload argument) throws Exception;

  /** Returns the ticks that each run costs beside those it counts; at least 0, 1 by default. */
  default long declaredTicks() {
    return 1;
  }
}
