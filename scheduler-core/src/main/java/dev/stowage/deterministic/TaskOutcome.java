package dev.stowage.deterministic;

/** What became of a task that was taken from a queue: exactly one of these is logged for each. */
public sealed interface TaskOutcome extends SchedulerEvent
    permits SchedulerEvent.TaskExecuted, SchedulerEvent.TaskFailed, SchedulerEvent.TaskRejected {
  /** The task, unsigned. */
  long taskId();

  /** The core it ran on. */
  int core();

  /** The logical time the outcome was given. */
  Timestamp timestamp();

  /** Logical ticks it used, guards included. */
  long ticks();
}
