package dev.stowage.sim.kit.world;

import dev.stowage.Stowage;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.Transfers;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentQueue;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.ContentStats.ContentWait;
import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.pressure.PressureSnapshot;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * The transfers of a leader and the service that sends them. The world runs the cycles itself, and
 * here what a turn of the service does between them. Not thread-safe.
 */
public final class LedTransfers {
  private final ContentScheduler queue = ContentScheduler.of(ContentConfig.DEFAULT);
  private final LongSupplier clockNanos;
  private final Transfers transfers;
  private final StowageService service;

  /**
   * Creates transfers that nobody carries yet.
   *
   * @param clockNanos the time by which they are queued and sent
   * @param pace the time from one {@link #follow} to the next
   * @param cost gives the seconds of a transfer
   * @param order makes the queue of transfers from the usual one
   */
  public LedTransfers(
      Stowage leader,
      LongSupplier clockNanos,
      Duration pace,
      Transfers.PathCost cost,
      UnaryOperator<ContentQueue> order) {
    this.clockNanos = clockNanos;
    transfers = Transfers.of(leader, order.apply(queue), cost).copiesOnly();
    // It runs no loop, so that its executor never has a thread.
    service =
        new StowageService(
            leader,
            new ScheduledThreadPoolExecutor(1),
            clockNanos,
            new Pace(pace, pace, Duration.ofHours(1)));
  }

  /** Returns the transfers. */
  public Transfers transfers() {
    return transfers;
  }

  /** Returns the service. */
  public StowageService service() {
    return service;
  }

  /** Reports whether a transfer is in flight, or failed and may not be tried again yet. */
  public boolean isOnItsWay(long id) {
    return queue.isInFlight(id)
        || queue
            .waiting(id)
            .flatMap(ContentWait::heldBy)
            .filter(ScheduleReason.BACKOFF::equals)
            .isPresent();
  }

  /** Shows the present pressure, which may hold transfers back until the next call. */
  public void observe(PressureSnapshot it) {
    long now = clockNanos.getAsLong();
    queue.updatePressure(
        new PressureSnapshot(it.network(), it.disk(), it.cpu(), it.memory(), now), now);
  }

  /** Queues what the newest assignment asks, and sends what may go; returns as {@link #deliver}. */
  public long follow() {
    transfers.follow(clockNanos.getAsLong());
    return deliver();
  }

  /** Takes in ends, and sends what may go; returns the nanoseconds until more may. */
  public long deliver() {
    long due = service.deliver();
    service
        .status()
        .lastFailure()
        .ifPresent(failure -> {
          throw new IllegalStateException("transfers failed", failure);
        });
    return due;
  }
}
