package dev.stowage.deterministic.crew;

/** Ends a task from within its context. The failure stays even if the task catches this. */
public final class TaskStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TaskStopped(String message) {
    super(message, null, false, false);
  }
}
