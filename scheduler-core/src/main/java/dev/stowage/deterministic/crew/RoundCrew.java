package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.SchedulerConfig.StallPolicy;
import dev.stowage.deterministic.SchedulerEvent;
import dev.stowage.deterministic.basics.Backoff;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The threads of rounds. Without a stall policy, an idle executor only costs speed. */
public final class RoundCrew implements AutoCloseable {
  private final int threads;
  private final StallPolicy policy;
  private final Executor executor;
  private final @Nullable ThreadPoolExecutor own;

  private RoundCrew(int threads, StallPolicy policy, @Nullable Executor hosted) {
    this.threads = threads;
    this.policy = policy;
    int helpers = isWatching() ? threads : threads - 1;
    this.own = hosted == null && helpers > 0 ? pool(helpers) : null;
    this.executor = hosted != null ? hosted : own != null ? own : Runnable::run;
  }

  public static RoundCrew ofOwnThreads(int threads, StallPolicy policy) {
    return new RoundCrew(threads, policy, null);
  }

  public static RoundCrew of(Executor executor, int threads, StallPolicy policy) {
    return new RoundCrew(threads, policy, executor);
  }

  public boolean isWatching() {
    return policy != StallPolicy.NEVER;
  }

  public List<SchedulerEvent.Abandoned> run(RoundJob job) {
    int helpers = Math.min(threads, job.active().length) - (isWatching() ? 0 : 1);
    for (int i = 0; i < helpers; i++) {
      if (!isHelped(job) && isWatching() && i == 0) {
        throw new IllegalStateException(
            "the executor rejects tasks; a scheduler with a stall policy needs one that runs them");
      }
    }
    return isWatching() ? watch(job) : finish(job);
  }

  private boolean isHelped(RoundJob job) {
    try {
      executor.execute(job::help);
      return true;
    } catch (RejectedExecutionException busy) {
      return false;
    }
  }

  private static List<SchedulerEvent.Abandoned> finish(RoundJob job) {
    job.help();
    boolean interrupted = false;
    Backoff backoff = new Backoff();
    while (!job.isDone()) {
      backoff.pause();
      interrupted |= Thread.interrupted();
    }
    restoreInterrupt(interrupted);
    return List.of();
  }

  private List<SchedulerEvent.Abandoned> watch(RoundJob job) {
    List<SchedulerEvent.Abandoned> given = new ArrayList<>();
    boolean interrupted = false;
    Backoff backoff = new Backoff();
    while (!job.isDone()) {
      backoff.pause();
      interrupted |= Thread.interrupted();
      for (CoreState core : job.active()) {
        SchedulerEvent.Abandoned abandoned = abandon(job, core);
        if (abandoned != null) {
          given.add(abandoned);
          replaceOne();
          isHelped(job);
          job.finishOne();
        }
      }
    }
    restoreInterrupt(interrupted);
    given.sort((a, b) -> Integer.compare(a.core(), b.core()));
    return given;
  }

  private SchedulerEvent.@Nullable Abandoned abandon(RoundJob job, CoreState core) {
    TaskOwnership turn = core.turn();
    TaskOwnership.Seen seen = turn == null ? null : turn.look();
    if (turn == null || seen == null) {
      return null;
    }
    StallPolicy.Running running =
        new StallPolicy.Running(
            job.view().round(), core.core(), seen.task().id(), seen.timesAsked());
    if (!policy.abandons(running) || !turn.abandon(seen.position())) {
      return null;
    }
    core.addBlocked(seen.task());
    return new SchedulerEvent.Abandoned(core.core(), seen.position());
  }

  /** Replaces a stuck thread, which may never return, in the pool. */
  private void replaceOne() {
    if (own != null) {
      own.setMaximumPoolSize(own.getMaximumPoolSize() + 1);
      own.setCorePoolSize(own.getCorePoolSize() + 1);
    }
  }

  private static void restoreInterrupt(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
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
