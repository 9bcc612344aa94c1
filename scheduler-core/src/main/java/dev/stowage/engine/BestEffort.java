package dev.stowage.engine;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** Guards against what a host's executor, log and failures may throw, errors included. */
public final class BestEffort {
  private BestEffort() {}

  // Host failures may throw from getMessage().
  public static String textOf(Throwable failure) {
    try {
      return failure.toString();
    } catch (Throwable e) {
      return failure.getClass().getName();
    }
  }

  /**
   * Gives a task to a host's executor, and returns what that threw instead of taking it. The task
   * does not run then, even if the executor kept it.
   */
  public static Optional<Throwable> offer(Executor executor, Runnable task) {
    AtomicBoolean isTaken = new AtomicBoolean();
    try {
      executor.execute(() -> {
        if (!isTaken.getAndSet(true)) {
          task.run();
        }
      });
    } catch (Throwable e) {
      return isTaken.getAndSet(true) ? Optional.empty() : Optional.of(e);
    }
    return Optional.empty();
  }

  public static void run(Runnable logging) {
    try {
      logging.run();
    } catch (Throwable e) {
      // The status shows what could not be logged.
    }
  }

  public static void close(AutoCloseable it) {
    try {
      it.close();
    } catch (Throwable e) {
      // What listens no longer does no harm.
    }
  }
}
