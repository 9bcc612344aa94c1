package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.basics.Backoff;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The threads of rounds. An executor that rejects tasks only costs speed. */
public final class RoundCrew implements AutoCloseable {
  private final int threads;
  private final Executor executor;
  private final @Nullable ThreadPoolExecutor own;

  private RoundCrew(int threads, @Nullable Executor hosted) {
    this.threads = threads;
    this.own = hosted == null && threads > 1 ? pool(threads - 1) : null;
    this.executor = hosted != null ? hosted : own != null ? own : Runnable::run;
  }

  public static RoundCrew ofOwnThreads(int threads) {
    return new RoundCrew(threads, null);
  }

  public static RoundCrew of(Executor executor, int threads) {
    return new RoundCrew(threads, executor);
  }

  public void run(RoundJob job) {
    int helpers = Math.min(threads, job.active().length) - 1;
    for (int i = 0; i < helpers; i++) {
      help(job);
    }
    job.help();
    boolean interrupted = false;
    Backoff backoff = new Backoff();
    while (!job.isDone()) {
      backoff.pause();
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void help(RoundJob job) {
    try {
      executor.execute(job::help);
    } catch (RuntimeException | Error busy) {
      // The driver does the work.
      return;
    }
  }

  private static ThreadPoolExecutor pool(int size) {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        size,
        size,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        work -> {
          Thread thread = new Thread(work, "stowage-round-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  @Override
  public void close() {
    if (own != null) {
      own.shutdownNow();
    }
  }
}
