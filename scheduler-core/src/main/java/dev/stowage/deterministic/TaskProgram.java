package dev.stowage.deterministic;

import dev.stowage.evidence.Hash256;

/**
 * Code that {@link Work.Call} tasks run. Must be a deterministic function of its context and
 * argument: no clocks, no foreign randomness, no shared mutable state. Several threads may run one
 * program at once, for different tasks.
 */
@FunctionalInterface
public interface TaskProgram {
  /**
   * Does the work.
   *
   * @return the output that goes into the log
   * @throws Exception any; the task has then failed, its emissions and writes are discarded, and
   *     its class name goes into the log
   */
  Hash256 run(TaskContext context, Payload argument) throws Exception;

  /** Ticks that every run costs before it counts any itself; at least 0, 1 unless overridden. */
  default long declaredTicks() {
    return 1;
  }
}
