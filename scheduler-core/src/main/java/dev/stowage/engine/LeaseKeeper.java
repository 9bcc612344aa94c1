package dev.stowage.engine;

import dev.stowage.columns.Nanos;
import java.time.Duration;
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
  private final AtomicLong failed = new AtomicLong();
  private @Nullable ScheduledExecutorService thread;
  private @Nullable ScheduledFuture<?> renewals;

  public LeaseKeeper(Runnable renewal, Duration every, Duration turnEvery, Duration longestTurn) {
    this.renewal = renewal;
    this.everyNanos = Nanos.clamped(every);
    long inATurn = Math.min(Math.max(1, Nanos.clamped(longestTurn) / everyNanos), MOST_PAUSES);
    this.most = inATurn * (1 + Math.min(Nanos.clamped(turnEvery) / everyNanos, MOST_PAUSES));
  }

  // Three renewals at least in a lease.
  public static Duration pause(Duration asked, Duration lease) {
    Duration third = lease.dividedBy(3);
    Duration pause = asked.compareTo(third) < 0 ? asked : third;
    return pause.isZero() ? Duration.ofNanos(1) : pause;
  }

  public synchronized void start() {
    if (thread == null) {
      ScheduledExecutorService begun =
          Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, "stowage-lease");
            made.setDaemon(true);
            return made;
          });
      thread = begun;
      renewals =
          begun.scheduleWithFixedDelay(this::renew, everyNanos, everyNanos, TimeUnit.NANOSECONDS);
    }
  }

  public void turn() {
    inTurn.set(0);
  }

  // A turn meets a failure's cause as well and reports it.
  void renew() {
    if (inTurn.incrementAndGet() > most) {
      return;
    }
    try {
      renewal.run();
    } catch (RuntimeException | Error e) {
      failed.incrementAndGet();
    }
  }

  public boolean hasGivenUp() {
    return inTurn.get() > most;
  }

  public boolean isSlow() {
    return inTurn.get() > Math.max(1, most / SLOW_PART);
  }

  public long failed() {
    return failed.get();
  }

  @Override
  public synchronized void close() {
    ScheduledFuture<?> running = renewals;
    if (running != null) {
      running.cancel(false);
    }
    if (thread != null) {
      thread.shutdown();
    }
  }
}
