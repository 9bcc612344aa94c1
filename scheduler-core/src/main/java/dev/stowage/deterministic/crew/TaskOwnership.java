package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Task;
import org.jspecify.annotations.Nullable;

/** Owns a watched task until the driver abandons it, so that a late runner changes nothing. */
public final class TaskOwnership {
  private @Nullable Task task;
  private @Nullable Thread runner;
  private int position;
  private long timesAsked;
  private boolean abandoned;

  record Seen(Task task, int position, long timesAsked) {}

  public synchronized void begin(Task next, int at, Thread by) {
    task = next;
    runner = by;
    position = at;
    timesAsked = 0;
  }

  /** Returns false for an abandoned task, and then takes back a pending interrupt. */
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

  /** Interrupts the runner; returns false if the task has ended. */
  public synchronized boolean abandon(int at) {
    if (task == null || position != at || abandoned || runner == null) {
      return false;
    }
    abandoned = true;
    runner.interrupt();
    return true;
  }
}
