package dev.stowage.deterministic;

import org.jspecify.annotations.Nullable;

/**
 * Refuses to go on with a scheduler that cannot keep its promises any more: it is closed, or an
 * error that no task answers for (out of memory, a broken invariant, a failing evidence sink) left
 * a round half done. Restore a snapshot into a new one.
 */
public final class SchedulerStopped extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  SchedulerStopped(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
