package dev.stowage.deterministic;

/** Ends a task from within its context. The failure sticks even if the task catches this. */
final class TaskStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TaskStopped(String message) {
    super(message, null, false, false);
  }
}
