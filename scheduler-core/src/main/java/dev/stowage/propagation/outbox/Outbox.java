package dev.stowage.propagation.outbox;

import dev.stowage.columns.KeyHeap;
import dev.stowage.pressure.Nanos;
import dev.stowage.pressure.TokenBucket;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The waiting deliveries of every target, and its token bucket, which holds one second of budget. A
 * ready delivery holds up those behind it, so that large ones are not starved; it goes once the
 * bucket holds its bytes or is full, an urgent one a burst earlier. So at most {@code burst + rate
 * * w} bytes go in a time {@code w}, plus a burst if any is urgent, plus the largest delivery if
 * that exceeds the burst.
 */
public final class Outbox {
  /** Is told of deliveries that have left the outbox. */
  interface Release {
    /** Reports whether it may go; otherwise it is dropped. */
    boolean isSendable(Waiting waiting);

    void sent(Waiting waiting);

    void tooLate(Waiting waiting);
  }

  private final long budget;
  private final long mostBackgroundWait;
  private final Map<NodeId, Target> byNode = new HashMap<>();
  private final List<@Nullable Target> byIndex = new ArrayList<>();
  private final Deque<Integer> free = new ArrayDeque<>();
  private final KeyHeap due = new KeyHeap();
  private final KeyHeap retiring = new KeyHeap();

  public Outbox(PropagationConfig config) {
    budget = config.budgetBytesPerSecond();
    mostBackgroundWait = config.mostBackgroundWaitNanos();
  }

  public Target target(NodeId node) {
    Target known = byNode.get(node);
    if (known != null) {
      return known;
    }
    int index = free.isEmpty() ? byIndex.size() : free.pop();
    Target made = new Target(node, index);
    if (index == byIndex.size()) {
      byIndex.add(made);
    } else {
      byIndex.set(index, made);
    }
    byNode.put(node, made);
    return made;
  }

  @Nullable
  public Target find(NodeId node) {
    return byNode.get(node);
  }

  /** Returns the wait in nanoseconds behind all deliveries at least as urgent. */
  long waitNanos(Target target, PropagationPriority priority, long bytes, long now) {
    long ahead = 0;
    for (int rank = priority.ordinal(); rank < target.waitingBytes.length; rank++) {
      ahead = Nanos.plus(ahead, target.waitingBytes[rank]);
    }
    return waitNanos(target, ahead, level(priority == PropagationPriority.URGENT, bytes), now);
  }

  long waitNanos(Target target, Waiting waiting, long now) {
    long ahead = 0;
    for (int place = target.waiting.placeOf(waiting) - 1; place >= 0; place--) {
      ahead = Nanos.plus(ahead, target.waiting.at(place).bytes);
    }
    return waitNanos(target, ahead, level(waiting.isUrgent(), waiting.bytes), now);
  }

  private long waitNanos(Target target, long ahead, long level, long now) {
    long needed = level < 0 ? ahead + level : Nanos.plus(ahead, level);
    if (target.bucket == null) {
      if (needed <= budget) {
        return 0;
      }
      return refillNanos(needed - budget);
    }
    if (needed <= budget) {
      return target.bucket.nanosUntilTokens(needed, now);
    }
    return Nanos.plus(target.bucket.nanosUntilTokens(budget, now), refillNanos(needed - budget));
  }

  private long refillNanos(long bytes) {
    long seconds = bytes / budget;
    if (seconds >= Long.MAX_VALUE / Nanos.PER_SECOND) {
      return Long.MAX_VALUE;
    }
    // The product of the rest, up to 10^12, with 10^9 would overflow a long.
    long rest = bytes % budget;
    double part = Math.ceil((double) rest / budget * Nanos.PER_SECOND);
    return Nanos.plus(seconds * Nanos.PER_SECOND, (long) part);
  }

  /** Returns the least tokens for a delivery; an urgent one may borrow a burst. */
  private long level(boolean isUrgent, long bytes) {
    long needed = Math.min(bytes, budget);
    return isUrgent ? needed - budget : needed;
  }

  void put(Waiting waiting, long now) {
    Target target = targetOf(waiting);
    target.waiting.add(waiting);
    count(target, waiting, 1);
    retiring.remove(target.index);
    queue(target, now);
  }

  public void remove(Waiting waiting, long now) {
    Target target = targetOf(waiting);
    takeOut(target, waiting);
    queue(target, now);
  }

  private void takeOut(Target target, Waiting waiting) {
    if (target.waiting.remove(waiting)) {
      count(target, waiting, -1);
      waiting.subscription.waiting = null;
    }
  }

  private static Target targetOf(Waiting waiting) {
    Target target = waiting.subscription.target;
    if (target == null) {
      throw new IllegalStateException(waiting.subscription.node + " has no target");
    }
    return target;
  }

  private static void count(Target target, Waiting waiting, int sign) {
    int rank = waiting.priority.ordinal();
    long sum = target.waitingBytes[rank] + sign * waiting.bytes;
    target.waitingBytes[rank] = sum < 0 ? (sign > 0 ? Long.MAX_VALUE : 0) : sum;
  }

  /** Charges bytes even without tokens. */
  public void charge(Target target, long bytes, long now) {
    take(target, bytes, now);
    queue(target, now);
  }

  private void take(Target target, long bytes, long now) {
    if (bytes > 0) {
      bucket(target, now).take(bytes, now);
    }
  }

  /** Returns the tokens; negative for a debt. */
  public long tokens(Target target, long now) {
    return target.bucket == null ? budget : target.bucket.tokens(now);
  }

  public OptionalLong nextAt() {
    return due.isEmpty() ? OptionalLong.empty() : OptionalLong.of(due.firstKey());
  }

  public void release(long now, Release release) {
    // Takes each once: at the end of time a waiting target would be due again at once.
    for (int index : due.takeUpTo(now)) {
      Target target = byIndex.get(index);
      if (target == null) {
        throw new IllegalStateException("a target that is gone waits");
      }
      release(target, now, release);
      queue(target, now);
    }
    for (int index : retiring.takeUpTo(now)) {
      retire(byIndex.get(index), now);
    }
  }

  private void release(Target target, long now, Release release) {
    Waiting head = firstDue(target, now);
    while (head != null && mayGo(target, head, now)) {
      takeOut(target, head);
      if (release.isSendable(head)) {
        take(target, head.bytes, now);
        release.sent(head);
      }
      head = firstDue(target, now);
    }
    dropLate(target, now, release);
  }

  private boolean mayGo(Target target, Waiting waiting, long now) {
    return target.bucket == null
        || target.bucket.tokens(now) >= level(waiting.isUrgent(), waiting.bytes);
  }

  private static @Nullable Waiting firstDue(Target target, long now) {
    for (int place = 0; place < target.waiting.size(); place++) {
      if (target.waiting.at(place).dueAt <= now) {
        return target.waiting.at(place);
      }
    }
    return null;
  }

  private void dropLate(Target target, long now, Release release) {
    List<Waiting> late = new ArrayList<>();
    for (int place = target.waiting.size() - 1; place >= 0; place--) {
      Waiting waiting = target.waiting.at(place);
      if (waiting.priority != PropagationPriority.BACKGROUND) {
        break;
      }
      if (Nanos.between(waiting.dueAt, now) > mostBackgroundWait) {
        late.add(waiting);
      }
    }
    for (Waiting waiting : late) {
      takeOut(target, waiting);
      release.tooLate(waiting);
    }
  }

  private void queue(Target target, long now) {
    long next = Long.MAX_VALUE;
    for (int place = 0; place < target.waiting.size(); place++) {
      Waiting waiting = target.waiting.at(place);
      if (waiting.dueAt <= now) {
        long wait = waitNanos(target, 0, level(waiting.isUrgent(), waiting.bytes), now);
        next = Math.min(next, Nanos.plus(now, wait));
        break;
      }
      next = Math.min(next, waiting.dueAt);
    }
    if (target.waiting.isEmpty()) {
      due.remove(target.index);
      if (target.subscriptions == 0) {
        retire(target, now);
      }
    } else {
      due.put(target.index, next);
    }
  }

  /** Forgets an unused target once its bucket is full, because an earlier one forgets a debt. */
  public void retire(@Nullable Target target, long now) {
    if (target == null || target.subscriptions > 0 || !target.waiting.isEmpty()) {
      return;
    }
    long wait = target.bucket == null ? 0 : target.bucket.nanosUntilTokens(budget, now);
    if (wait > 0) {
      retiring.put(target.index, Nanos.plus(now, wait));
      return;
    }
    retiring.remove(target.index);
    byNode.remove(target.node);
    byIndex.set(target.index, null);
    free.push(target.index);
  }

  public int targetCount() {
    return byNode.size();
  }

  private TokenBucket bucket(Target target, long now) {
    TokenBucket bucket = target.bucket;
    if (bucket == null) {
      bucket = new TokenBucket(budget, budget, now);
      target.bucket = bucket;
    }
    return bucket;
  }
}
