package dev.stowage.engine;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Renews a lease beside the turns of a service, however long one of them loads or plans. It has a
 * thread of its own: the executor of the turns may have one only, and that one is busy just when a
 * renewal is due.
 *
 * <p>A service that takes no turns any more loses its lease: once one turn took as many renewals as
 * go into the longest turn, or as many pauses between turns as that, nothing is renewed until the
 * next turn. Thread-safe.
 */
public final class LeaseKeeper implements AutoCloseable {
  /** A turn that took this part of the longest is said to be slow. */
  private static final long SLOW_PART = 5;

  private static final long MOST_PAUSES = Integer.MAX_VALUE;

  private final Runnable renewal;
  private final long everyNanos;
  private final long most;
  private final AtomicLong inTurn = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private @Nullable ScheduledExecutorService thread;
  private @Nullable ScheduledFuture<?> renewals;

  /**
   * A keeper that has not begun.
   *
   * @param renewal renews, if there is a lease to renew
   * @param every how often
   * @param turnEvery how long a pause between turns is
   * @param longestTurn how long a turn may take before the lease is renewed no more for it
   */
  public LeaseKeeper(Runnable renewal, Duration every, Duration turnEvery, Duration longestTurn) {
    this.renewal = renewal;
    this.everyNanos = nanos(every);
    long inATurn = Math.min(Math.max(1, nanos(longestTurn) / everyNanos), MOST_PAUSES);
    this.most = inATurn * (1 + Math.min(nanos(turnEvery) / everyNanos, MOST_PAUSES));
  }

  /**
   * How often a lease is renewed: as often as was asked for, but three times at least while it
   * lasts.
   */
  public static Duration pause(Duration asked, Duration lease) {
    Duration third = lease.dividedBy(3);
    Duration pause = asked.compareTo(third) < 0 ? asked : third;
    return pause.isZero() ? Duration.ofNanos(1) : pause;
  }

  /** As many as nanoseconds count: some 292 years. */
  private static long nanos(Duration pause) {
    try {
      return pause.toNanos();
    } catch (ArithmeticException beyond) {
      return Long.MAX_VALUE;
    }
  }

  /** Begins to renew; does nothing if it has begun. */
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

  /** A turn begins. */
  public void turn() {
    inTurn.set(0);
  }

  /**
   * Renews, unless the turn takes too long. A failure is the turn's to meet as well, and to say.
   */
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

  /** Whether the turn at hand took so long that nothing is renewed any more. */
  public boolean hasGivenUp() {
    return inTurn.get() > most;
  }

  /** Whether the turn at hand is far longer than turns are, and may be one that hangs. */
  public boolean isSlow() {
    return inTurn.get() > Math.max(1, most / SLOW_PART);
  }

  /** How many renewals failed. */
  public long failed() {
    return failed.get();
  }

  /** Renews no more; a renewal that is under way ends by itself. */
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
