package dev.stowage;

import dev.stowage.engine.LeaseKeeper;
import dev.stowage.model.InvariantViolation;
import dev.stowage.store.StorageException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a facade: claims the lease, renews it, and runs both cycles and retention, in turns on a
 * executor that the host supplies and keeps. The one convenience of the library that runs loops; a
 * host with a loop of its own calls {@link #turn} there instead.
 *
 * <p>Once it was started the lease is renewed beside the turns, from a daemon thread of its own, so
 * that a load or a plan may take longer than a lease. A host that calls {@link #turn} in a loop of
 * its own calls {@link Stowage#renew} beside it where a turn may take that long.
 *
 * <p>A turn that meets a {@link StorageException.Transient} is tried again in the next one; a
 * fenced facade follows until the lease is free again. A broken promise of ours ends the service:
 * it never limps on. Thread-safe.
 */
public final class StowageService implements AutoCloseable {
  private final Stowage stowage;
  private final ScheduledExecutorService executor;
  private final LongSupplier clockNanos;
  private final Pace pace;
  private final Duration renewEvery;
  private final LeaseKeeper keeper;
  private @Nullable ScheduledFuture<?> loop;
  private @Nullable RuntimeException lastFailure;
  private boolean claimed;
  private long renewedNanos;
  private long purgedNanos;
  private long turns;
  private long failedTurns;

  /**
   * How often things happen.
   *
   * @param turnEvery the pause between two turns, each with both cycles
   * @param renewEvery how old a lease may grow before it is renewed; it is renewed three times at
   *     least while it lasts, whatever this says
   * @param purgeEvery how often retention runs
   */
  public record Pace(Duration turnEvery, Duration renewEvery, Duration purgeEvery) {
    /** A turn each second, a renewal every ten, retention each hour. */
    public static final Pace DEFAULT =
        new Pace(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofHours(1));

    /** Refuses a pause that is not above zero. */
    public Pace {
      above(turnEvery, "turnEvery");
      above(renewEvery, "renewEvery");
      above(purgeEvery, "purgeEvery");
    }

    private static void above(Duration pause, String what) {
      if (Objects.requireNonNull(pause, what).isNegative() || pause.isZero()) {
        throw new IllegalArgumentException(what + " is " + pause + "; above zero is accepted");
      }
    }
  }

  /**
   * A service that has not begun.
   *
   * @param stowage what it runs; stays the caller's
   * @param executor where its turns run; stays the caller's
   * @param clockNanos the host's time, nanoseconds since an epoch of its choice
   * @param pace how often
   */
  public StowageService(
      Stowage stowage, ScheduledExecutorService executor, LongSupplier clockNanos, Pace pace) {
    this.stowage = Objects.requireNonNull(stowage, "stowage");
    this.executor = Objects.requireNonNull(executor, "executor");
    this.clockNanos = Objects.requireNonNull(clockNanos, "clockNanos");
    this.pace = Objects.requireNonNull(pace, "pace");
    this.renewEvery = LeaseKeeper.pause(pace.renewEvery(), stowage.leaseDuration());
    this.keeper = new LeaseKeeper(stowage::renewIfHeld, renewEvery, pace.turnEvery());
  }

  /** Begins to take turns; does nothing if it has begun. */
  public synchronized void start() {
    if (loop == null) {
      keeper.start();
      long every = pace.turnEvery().toNanos();
      loop = executor.scheduleWithFixedDelay(this::turn, 0, every, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * One turn: claim or renew, then both cycles, then retention where it is due.
   *
   * @return whether this process led throughout the turn
   * @throws InvariantViolation if a promise of ours is broken; the service is over
   */
  public synchronized boolean turn() {
    long now = clockNanos.getAsLong();
    turns++;
    keeper.turn();
    try {
      if (!lead(now)) {
        return false;
      }
      stowage.schedule(now);
      stowage.publish(now);
      if (now - purgedNanos >= pace.purgeEvery().toNanos()) {
        purgedNanos = now;
        stowage.purge(now);
      }
      return true;
    } catch (StorageException | StowageException e) {
      // the next turn tries again, by then perhaps as a follower; the cause is kept for the host
      failedTurns++;
      lastFailure = e;
      return false;
    } catch (InvariantViolation e) {
      failedTurns++;
      lastFailure = e;
      close();
      throw e;
    }
  }

  private boolean lead(long now) {
    if (!stowage.isLeading()) {
      claimed = stowage.claim(now).granted();
      renewedNanos = now;
      purgedNanos = now;
      return claimed;
    }
    if (!claimed || now - renewedNanos >= renewEvery.toNanos()) {
      stowage.renew();
      claimed = true;
      renewedNanos = now;
    }
    return true;
  }

  /** How many turns were begun. */
  public synchronized long turns() {
    return turns;
  }

  /** How many turns ended early. */
  public synchronized long failedTurns() {
    return failedTurns;
  }

  /** Why the last turn that ended early did so; null if none has. */
  public synchronized @Nullable RuntimeException lastFailure() {
    return lastFailure;
  }

  /**
   * How many renewals beside the turns have failed; what stands behind it a turn meets as well, and
   * says.
   */
  public long failedRenewals() {
    return keeper.failed();
  }

  /** Takes no further turn. A turn in progress ends first; the lease is not given back. */
  @Override
  public synchronized void close() {
    keeper.close();
    ScheduledFuture<?> running = loop;
    if (running != null) {
      running.cancel(false);
    }
  }
}
