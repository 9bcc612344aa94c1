package dev.stowage;

import dev.stowage.Propagation.Courier;
import dev.stowage.Transfers.Sender;
import dev.stowage.answer.LeaderStanding.Told;
import dev.stowage.columns.Nanos;
import dev.stowage.content.ContentStats.ClassStats;
import dev.stowage.content.PriorityClass;
import dev.stowage.engine.BestEffort;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.Message;
import dev.stowage.propagation.PropagationStats;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Hands transfers and messages to the host, on the thread of the turn except submit and end. */
final class Deliveries {
  static final long NEVER = Long.MAX_VALUE;

  /** The throws of a sender in one turn after which the rest of the queue waits for the next. */
  private static final int MOST_THROWS = 100;

  private final Stowage stowage;
  private final BooleanSupplier goesOn;
  private final Logger log;
  private final Queue<Submitted<?>> submitted = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Transferring transferring;
  private volatile @Nullable Propagating propagating;

  private volatile Map<PriorityClass, ClassStats> waiting = Map.of();

  /** Counting costs in proportion to the flows, so it is done only where somebody reads it. */
  private volatile boolean isCountAsked;

  private volatile Told told = Told.NOTHING;
  private volatile long sendAfter = NEVER;
  private volatile long tellAfter = NEVER;
  private long thrown;

  private final AtomicBoolean leads = new AtomicBoolean();

  private record Transferring(Transfers transfers, Sender sender) {}

  private record Propagating(AssignmentPropagation news, Courier courier) {}

  private record Submitted<T extends @Nullable Object>(
      LongFunction<T> work, CompletableFuture<T> answer) {
    void run(long nowNanos) {
      try {
        answer.complete(work.apply(nowNanos));
      } catch (Throwable e) {
        answer.completeExceptionally(e);
      }
    }
  }

  Deliveries(Stowage stowage, BooleanSupplier goesOn, Logger log) {
    this.stowage = stowage;
    this.goesOn = goesOn;
    this.log = log;
  }

  synchronized void transfer(Transfers transfers, Sender sender) {
    if (transferring != null) {
      throw new IllegalStateException("transferring was called twice; it accepts one call");
    }
    if (!transfers.belongTo(stowage.engine())) {
      throw new IllegalArgumentException(
          "transfers belong to another Stowage than the service; pass those of its own");
    }
    transferring = new Transferring(transfers, sender);
  }

  synchronized void propagate(AssignmentPropagation news, Courier courier) {
    if (propagating != null) {
      throw new IllegalStateException("propagating was called twice; it accepts one call");
    }
    propagating = new Propagating(news, courier);
  }

  <T extends @Nullable Object> CompletableFuture<T> submit(LongFunction<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    submitted.add(new Submitted<>(work, answer));
    return answer;
  }

  void end(Throwable why) {
    for (Submitted<?> it = submitted.poll(); it != null; it = submitted.poll()) {
      it.answer.completeExceptionally(why);
    }
    Propagating by = propagating;
    if (by != null) {
      lead(by, false);
    }
  }

  private void lead(Propagating by, boolean isLeading) {
    if (leads.getAndSet(isLeading) != isLeading) {
      try {
        by.courier.leads(isLeading);
      } catch (RuntimeException | Error e) {
        threw("the courier of assignments", e);
      }
    }
  }

  /** Runs the submitted work; work that it submits in turn waits for the next call. */
  void take(long nowNanos) {
    for (int left = submitted.size(); left > 0; left--) {
      Submitted<?> next = submitted.poll();
      if (next != null) {
        next.run(nowNanos);
      }
    }
  }

  void followTransfers(long nowNanos) {
    Transferring by = transferring;
    if (by != null) {
      by.transfers.follow(nowNanos);
      send(nowNanos);
      by.transfers.handOver();
      if (isCountAsked) {
        isCountAsked = false;
        waiting = by.transfers.classes();
      }
    }
  }

  Transfers.Waiting waiting(PriorityClass of) {
    isCountAsked = true;
    ClassStats found = waiting.get(of);
    return found == null
        ? new Transfers.Waiting(0, 0)
        : new Transfers.Waiting(found.pendingItems(), found.pendingBytes());
  }

  Told told() {
    return told;
  }

  void followNews(long nowNanos) {
    Propagating by = propagating;
    if (by != null) {
      by.news.follow(nowNanos);
      tell(nowNanos);
    }
  }

  void goOn(long nowNanos) {
    send(nowNanos);
    Transferring by = transferring;
    if (by != null) {
      by.transfers.handOver();
    }
    tell(nowNanos);
  }

  long dueAfterNanos() {
    return Math.min(sendAfter, tellAfter);
  }

  private void send(long nowNanos) {
    Transferring by = transferring;
    sendAfter = NEVER;
    for (int left = MOST_THROWS; by != null && left > 0 && goesOn.getAsBoolean(); ) {
      Transfers.Next next = by.transfers.next(nowNanos);
      if (next instanceof Transfers.Throttled throttled) {
        sendAfter = throttled.decision().retryAfterNanos();
        break;
      }
      if (!(next instanceof Transfers.ToSend item)) {
        break;
      }
      try {
        by.sender.send(item);
      } catch (RuntimeException | Error e) {
        left--;
        by.transfers.failed(item.id(), "the sender threw " + BestEffort.textOf(e), nowNanos);
        by.transfers.hold(item);
        threw("the sender of transfers", e);
      }
    }
    if (by != null) {
      by.transfers.release();
    }
  }

  private void tell(long nowNanos) {
    Propagating by = propagating;
    tellAfter = NEVER;
    if (by == null) {
      return;
    }
    boolean isLeading = stowage.isLeading();
    lead(by, isLeading && goesOn.getAsBoolean());
    if (!isLeading) {
      return;
    }
    boolean isWell = true;
    for (Message message : by.news.outgoing(nowNanos)) {
      try {
        if (goesOn.getAsBoolean()) {
          by.courier.send(message);
          continue;
        }
      } catch (RuntimeException | Error e) {
        threw("the courier of assignments", e);
      }
      isWell = false;
      by.news.refused(message.recipient(), nowNanos);
    }
    PropagationStats stats = by.news.stats();
    told =
        new Told(
            stats.sends(),
            stats.dropped(),
            stats.averageLatencyMillis() / 1e3,
            stats.peakLatencyNanos() / 1e9,
            by.news.lagNanos(nowNanos) / 1e9);
    if (isWell && by.news.nextDueAt().isPresent()) {
      long at = by.news.nextDueAt().getAsLong();
      tellAfter = at <= nowNanos ? 0 : Nanos.between(nowNanos, at);
    }
  }

  private void threw(String who, Throwable failure) {
    thrown++;
    if (Long.bitCount(thrown) == 1) {
      BestEffort.run(() ->
          log.warn(
              "{} threw, and the item given to it has failed ({} throws so far)",
              who,
              thrown,
              failure));
    }
    stowage.engine().hostFailed(failure);
  }
}
