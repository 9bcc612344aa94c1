package dev.stowage.engine;

import dev.stowage.columns.Nanos;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Renews a lease on its own thread; gives up in a turn beyond the longest. Thread-safe. */
public final class LeaseKeeper implements AutoCloseable {
  private static final long SLOW_PART = 5;

  private static final long MOST_PAUSES = Integer.MAX_VALUE;

  private final Runnable renewal;
  private final long everyNanos;
  private final long most;
  private final AtomicLong inTurn = new AtomicLong();
  private @Nullable ExecutorService thread;

  public LeaseKeeper(Runnable renewal, Duration every, Duration turnEvery, Duration longestTurn) {
    this.renewal = renewal;
    this.everyNanos = Nanos.saturated(every);
    long inATurn = Math.min(Math.max(1, Nanos.saturated(longestTurn) / everyNanos), MOST_PAUSES);
    this.most = inATurn * (1 + Math.min(Nanos.saturated(turnEvery) / everyNanos, MOST_PAUSES));
  }

  // Three renewals at least in a lease.
  public static Duration pause(Duration asked, Duration lease) {
    Duration third = lease.dividedBy(3);
    Duration pause = asked.compareTo(third) < 0 ? asked : third;
    return pause.isZero() ? Duration.ofNanos(1) : pause;
  }

  /** Repeats {@code work}, whatever it throws, on a daemon thread until that is shut down. */
  public static ExecutorService repeat(
      String name, Runnable work, long firstAfterNanos, long everyNanos) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(repeats -> {
          Thread made = new Thread(repeats, name);
          made.setDaemon(true);
          return made;
        });
    ScheduledFuture<?> unused =
        thread.scheduleWithFixedDelay(
            () -> BestEffort.run(work), firstAfterNanos, everyNanos, TimeUnit.NANOSECONDS);
    return thread;
  }

  public synchronized void start() {
    if (thread == null) {
      thread = repeat("stowage-lease", this::renew, everyNanos, everyNanos);
    }
  }

  public void turn() {
    inTurn.set(0);
  }

  // A turn meets a failure's cause as well and reports it.
  void renew() {
    if (inTurn.incrementAndGet() <= most) {
      BestEffort.run(renewal);
    }
  }

  public boolean hasGivenUp() {
    return inTurn.get() > most;
  }

  public boolean isSlow() {
    return inTurn.get() > Math.max(1, most / SLOW_PART);
  }

  @Override
  public synchronized void close() {
    if (thread != null) {
      thread.shutdown();
    }
  }
}
