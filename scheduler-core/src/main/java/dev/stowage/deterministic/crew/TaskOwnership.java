package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Task;
import org.jspecify.annotations.Nullable;

/**
 * Who has the say over the task that a watched core runs: its runner, until the driver abandons it.
 * One object per core and round, so that a runner that comes back late changes nothing.
 */
public final class TaskOwnership {
  private @Nullable Task task;
  private @Nullable Thread runner;
  private int position;
  private long timesAsked;
  private boolean abandoned;

  /** What the driver sees of a running task. */
  record Seen(Task task, int position, long timesAsked) {}

  public synchronized void begin(Task next, int at, Thread by) {
    task = next;
    runner = by;
    position = at;
    timesAsked = 0;
  }

  /** Ends the task; false if it was abandoned, and then a pending interrupt is taken back. */
  public synchronized boolean finish() {
    if (abandoned) {
      Thread.interrupted();
      return false;
    }
    task = null;
    return true;
  }

  synchronized @Nullable Seen look() {
    return task == null || abandoned ? null : new Seen(task, position, timesAsked++);
  }

  /** Takes the say away from the runner and interrupts it; false if the task has ended since. */
  public synchronized boolean abandon(int at) {
    if (task == null || position != at || abandoned || runner == null) {
      return false;
    }
    abandoned = true;
    runner.interrupt();
    return true;
  }
}
