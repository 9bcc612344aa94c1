package dev.stowage.deterministic.crew;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The parallel part of a round: threads claim cores, and the last to finish wakes the driver. */
public final class RoundJob {
  private final TaskRunner runner;
  private final RoundView view;
  private final CoreState[] active;
  private final int quantum;
  private final Thread driver = Thread.currentThread();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger remaining;
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

  public RoundJob(TaskRunner runner, RoundView view, CoreState[] active, int quantum) {
    this.runner = runner;
    this.view = view;
    this.active = active;
    this.quantum = quantum;
    this.remaining = new AtomicInteger(active.length);
  }

  CoreState[] active() {
    return active;
  }

  public void help() {
    for (int i = next.getAndIncrement(); i < active.length; i = next.getAndIncrement()) {
      try {
        active[i].runRound(runner, view, quantum);
      } catch (Throwable thrown) {
        // not a task's own error: the driver stops the scheduler with it
        broken.compareAndSet(null, thrown);
      }
      if (remaining.decrementAndGet() == 0) {
        LockSupport.unpark(driver);
      }
    }
  }

  public boolean isDone() {
    return remaining.get() == 0;
  }

  @Nullable
  public Throwable broken() {
    return broken.get();
  }
}
