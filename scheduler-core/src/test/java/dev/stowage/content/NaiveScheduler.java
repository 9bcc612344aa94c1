package dev.stowage.content;

import dev.stowage.columns.Nanos;
import dev.stowage.columns.TokenBucket;
import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.ContentQueue.FailureOutcome;
import dev.stowage.content.ContentQueue.ScheduleOutcome;
import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.content.NaiveQueue.InTurn;
import dev.stowage.content.NaiveQueue.Waiting;
import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.pressure.PressureGauge;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The reference: the rules of the page, one after the other, over plain lists. Quadratic on
 * purpose; shares nothing with the scheduler but the values that go in and the meters beneath it.
 */
final class NaiveScheduler {
  private final ContentConfig config;
  private final SelectionPolicy policy;
  private final PressureGauge gauge;
  private NaiveQueue queue;
  private final Map<Long, Waiting> inFlight = new LinkedHashMap<>();
  private final Map<String, TokenBucket> buckets = new TreeMap<>();
  private final Map<String, Integer> windows = new TreeMap<>();
  private final Map<String, ByteRate> rates = new TreeMap<>();
  private @Nullable TokenBucket global;
  private long clock = Long.MIN_VALUE;
  private long nextGeneration;
  private int sinceRescue;
  private NaiveShedding shedding;

  NaiveScheduler(ContentConfig config) {
    this.config = config;
    this.policy = config.policy();
    this.gauge = new PressureGauge(policy.pressure());
    this.queue = new NaiveQueue();
    this.global = fullBucket();
    this.shedding = new NaiveShedding(config, queue);
  }

  private @Nullable TokenBucket fullBucket() {
    ByteRate rate = config.rate();
    return rate == null
        ? null
        : new TokenBucket(rate.bytesPerSecond(), rate.burstBytes(), Long.MIN_VALUE);
  }

  void clear(boolean isPressureKept) {
    queue = new NaiveQueue();
    shedding = new NaiveShedding(config, queue);
    inFlight.clear();
    buckets.clear();
    windows.clear();
    rates.clear();
    global = fullBucket();
    nextGeneration = 0;
    sinceRescue = 0;
    if (!isPressureKept) {
      gauge.clear();
      clock = Long.MIN_VALUE;
    }
  }

  Optional<ScheduleOutcome> reclassify(long id, PriorityClass to, double utility, long deadline) {
    Waiting old = find(id);
    if (old == null) {
      return Optional.empty();
    }
    ContentItem item = old.item;
    ContentItem changed =
        new ContentItem(
            id,
            to,
            item.sizeBytes(),
            item.cost(),
            utility,
            item.flow(),
            item.details().withDeadline(deadline));
    Waiting moved = new Waiting(changed, policy.merit(changed), policy.tieBreak(changed));
    moved.generation = old.generation;
    moved.since = old.since;
    moved.readyAt = old.readyAt;
    moved.failures = old.failures;
    if (to != item.priorityClass() && !shedding.fits(moved, List.of(old), true)) {
      return Optional.of(ScheduleOutcome.REJECTED_FULL);
    }
    if (changed.equals(item)) {
      // its flow keeps its turn
      return Optional.of(ScheduleOutcome.ACCEPTED);
    }
    boolean isReady = queue.ready.contains(old);
    queue.remove(old);
    if (isReady) {
      queue.add(moved);
    } else {
      queue.backoff.add(moved);
    }
    return Optional.of(ScheduleOutcome.ACCEPTED);
  }

  /** A choice, or the reason why there is none. */
  record Choice(
      @Nullable Long id, @Nullable ScheduleReason reason, List<Long> others, long retryAfter) {}

  /** A picked item: by a rescue, in its turn, or neither. */
  private record Pick(Waiting waiting, boolean byRescue, @Nullable InTurn turn) {}

  ScheduleOutcome schedule(ContentItem item, long now) {
    tick(now);
    ScheduleOutcome admission = admit(item, nextGeneration);
    nextGeneration += admission.isAccepted() ? 1 : 0;
    return admission;
  }

  List<ScheduleOutcome> scheduleAll(List<ContentItem> batch, long now) {
    tick(now);
    ScheduleOutcome[] admissions = new ScheduleOutcome[batch.size()];
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      places.add(i);
    }
    places.sort(Comparator.comparing(i -> batch.get(i).id(), Long::compareUnsigned));
    boolean any = false;
    for (int place : places) {
      admissions[place] = admit(batch.get(place), nextGeneration);
      any |= admissions[place].isAccepted();
    }
    nextGeneration += any ? 1 : 0;
    return List.of(admissions);
  }

  private ScheduleOutcome admit(ContentItem item, long generation) {
    if (find(item.id()) != null) {
      return ScheduleOutcome.DUPLICATE;
    }
    Waiting waiting = new Waiting(item, policy.merit(item), policy.tieBreak(item));
    if (!shedding.makeRoom(waiting)) {
      return ScheduleOutcome.REJECTED_FULL;
    }
    inFlight.remove(item.id());
    waiting.generation = generation;
    waiting.since = clock;
    queue.add(waiting);
    return ScheduleOutcome.ACCEPTED;
  }

  PressureGauge.Reading pressure(PressureSnapshot snapshot, long now) {
    tick(now);
    return gauge.update(snapshot, clock);
  }

  List<List<Long>> cancel(long id) {
    return cancelAll(item -> item.id() == id);
  }

  List<List<Long>> cancelFlow(Flow flow) {
    return cancelAll(item -> item.flow().isSameAs(flow));
  }

  private List<List<Long>> cancelAll(Predicate<ContentItem> wanted) {
    List<Waiting> all = new ArrayList<>(queue.ready);
    all.addAll(queue.backoff);
    all.removeIf(w -> !wanted.test(w.item));
    all.sort(
        Comparator.<Waiting>comparingLong(w -> w.generation)
            .thenComparing(w -> w.item.id(), Long::compareUnsigned));
    List<Long> ids = new ArrayList<>();
    for (Waiting waiting : all) {
      queue.remove(waiting);
      ids.add(waiting.item.id());
    }
    List<Long> sentIds = new ArrayList<>();
    for (Waiting sent : inFlight.values()) {
      if (wanted.test(sent.item) && !sent.cancelled) {
        sent.cancelled = true;
        sentIds.add(sent.item.id());
      }
    }
    sentIds.sort(Comparator.naturalOrder());
    return List.of(ids, sentIds);
  }

  boolean complete(long id) {
    return inFlight.remove(id) != null;
  }

  FailureOutcome fail(long id, long now) {
    tick(now);
    Waiting waiting = inFlight.remove(id);
    if (waiting == null) {
      return new FailureOutcome.Unknown();
    }
    if (waiting.cancelled) {
      return new FailureOutcome.Cancelled();
    }
    waiting.failures++;
    if (waiting.failures > config.retries().maxRetries() || !shedding.makeRoom(waiting)) {
      return new FailureOutcome.GivenUp(waiting.failures);
    }
    waiting.readyAt = clock + config.retries().waitNanos(waiting.failures);
    queue.backoff.add(waiting);
    return new FailureOutcome.Retry(waiting.readyAt, waiting.failures);
  }

  int pending() {
    return queue.ready.size() + queue.backoff.size();
  }

  Choice decide(long now) {
    tick(now);
    promote();
    PressureBand band = gauge.band(clock);
    queue.smallFirst = policy.prefersSmall(band);
    expire();
    if (queue.ready.isEmpty()) {
      if (queue.backoff.isEmpty()) {
        return new Choice(null, null, List.of(), 0);
      }
      long first = queue.backoff.stream().mapToLong(w -> w.readyAt).min().orElseThrow();
      return new Choice(null, ScheduleReason.BACKOFF, List.of(), first - clock);
    }
    List<Waiting> free = new ArrayList<>(queue.ready);
    free.removeIf(w -> policy.holds(band, w.item.priorityClass()));
    if (free.isEmpty()) {
      return new Choice(null, ScheduleReason.PRESSURE_THROTTLE, List.of(), 100_000_000L);
    }
    Gate gate = new Gate();
    Pick pick = search(free, gate);
    if (pick == null) {
      long wait = gate.waits.stream().mapToLong(w -> w).min().orElse(Long.MAX_VALUE);
      boolean isPaced = !gate.waits.isEmpty();
      return new Choice(
          null, isPaced ? ScheduleReason.PACING : ScheduleReason.WINDOW, List.of(), wait);
    }
    return take(pick, free, gate);
  }

  private @Nullable Pick search(List<Waiting> free, Gate gate) {
    if (sinceRescue >= 7) {
      for (Waiting oldest : free.stream().sorted(NaiveQueue.byAge()).toList()) {
        if (isOverdue(oldest) && gate.lets(oldest)) {
          return new Pick(oldest, true, null);
        }
      }
    }
    for (PriorityClass c : classes()) {
      List<Waiting> mine = free.stream().filter(w -> w.item.priorityClass() == c).toList();
      for (Waiting due : mine.stream().filter(this::isDue).sorted(rank()).toList()) {
        if (gate.lets(due)) {
          return new Pick(due, false, null);
        }
      }
      if (policy.fairness() == Fairness.OFF) {
        for (Waiting best : mine.stream().sorted(NaiveQueue.order(queue.smallFirst)).toList()) {
          if (gate.lets(best)) {
            return new Pick(best, false, null);
          }
        }
        continue;
      }
      InTurn turn = queue.byTurns(c, w -> mine.contains(w) && gate.lets(w));
      if (turn != null) {
        return new Pick(turn.waiting(), false, turn);
      }
    }
    return null;
  }

  private Choice take(Pick pick, List<Waiting> free, Gate gate) {
    Waiting chosen = pick.waiting();
    List<Waiting> others = new ArrayList<>(free);
    others.remove(chosen);
    others.sort(rank());
    ScheduleReason reason = reason(pick, others.isEmpty() ? null : others.get(0), gate);
    if (pick.turn() != null) {
      queue.sentInTurn(pick.turn());
    } else {
      queue.sentOutOfTurn(chosen);
    }
    sinceRescue = pick.byRescue() ? 0 : sinceRescue + 1;
    gate.pay(chosen);
    if (config.inFlightLimit() > 0) {
      inFlight.put(chosen.item.id(), chosen);
      if (inFlight.size() > config.inFlightLimit()) {
        inFlight.remove(inFlight.keySet().iterator().next());
      }
    }
    List<Long> ids = others.stream().limit(3).map(w -> w.item.id()).toList();
    return new Choice(chosen.item.id(), reason, ids, 0);
  }

  private ScheduleReason reason(Pick pick, @Nullable Waiting next, Gate gate) {
    Waiting chosen = pick.waiting();
    if (pick.byRescue()) {
      return ScheduleReason.AGING;
    }
    if (gate.refused) {
      return ScheduleReason.PACING;
    }
    if (next == null || next.item.priorityClass() != chosen.item.priorityClass()) {
      return ScheduleReason.PRIORITY_CLASS;
    }
    if (isDue(chosen) && (!isDue(next) || chosen.deadline() < next.deadline())) {
      return ScheduleReason.DEADLINE;
    }
    if (NaiveQueue.order(queue.smallFirst).compare(next, chosen) < 0) {
      return ScheduleReason.STREAM_FAIRNESS;
    }
    boolean isBySize =
        queue.smallFirst && (!NaiveQueue.isUrgent(chosen) || chosen.merit == next.merit);
    if (isBySize && chosen.item.sizeBytes() != next.item.sizeBytes()) {
      return ScheduleReason.PRESSURE_SIZE;
    }
    if (chosen.merit != next.merit || chosen.tie != next.tie) {
      boolean plain = chosen.tie == next.tie && isEfficiency(chosen) && isEfficiency(next);
      return plain ? ScheduleReason.EFFICIENCY_OPTIMAL : ScheduleReason.POLICY_ORDER;
    }
    if (chosen.item.efficiency() != next.item.efficiency()) {
      return ScheduleReason.EFFICIENCY_OPTIMAL;
    }
    return chosen.generation != next.generation
        ? ScheduleReason.FIFO_ORDER
        : ScheduleReason.DETERMINISTIC_TIE_BREAK;
  }

  private static boolean isEfficiency(Waiting waiting) {
    return waiting.merit == waiting.item.efficiency();
  }

  /** Class, then what is due by its deadline, then the order within a class. */
  private Comparator<Waiting> rank() {
    Comparator<Waiting> byClass =
        Comparator.comparingInt(w -> classes().indexOf(w.item.priorityClass()));
    Comparator<Waiting> dueFirst = Comparator.comparing(w -> !isDue(w));
    Comparator<Waiting> byDeadline =
        Comparator.comparingLong(w -> isDue(w) ? w.deadline() : Long.MAX_VALUE);
    return byClass
        .thenComparing(dueFirst)
        .thenComparing(byDeadline)
        .thenComparing(NaiveQueue.order(queue.smallFirst));
  }

  private List<PriorityClass> classes() {
    List<PriorityClass> all = new ArrayList<>(List.of(PriorityClass.values()));
    Comparator<PriorityClass> byWeight = Comparator.comparingInt(policy::weight);
    all.sort(byWeight.thenComparing(Comparator.naturalOrder()).reversed());
    return all;
  }

  private boolean isDue(Waiting waiting) {
    long horizon = policy.deadlineHorizonNanos(config.deadlineHorizonNanos());
    long dueBy = Math.min(Nanos.plus(clock, horizon), Long.MAX_VALUE - 1);
    return waiting.deadlineCounts && waiting.deadline() <= dueBy;
  }

  private boolean isOverdue(Waiting waiting) {
    return clock - waiting.since > config.maxWaitNanos();
  }

  private void promote() {
    List<Waiting> due = new ArrayList<>(queue.backoff);
    due.removeIf(w -> w.readyAt > clock);
    due.sort(
        Comparator.<Waiting>comparingLong(w -> w.readyAt)
            .thenComparing(w -> w.item.id(), Long::compareUnsigned));
    for (Waiting waiting : due) {
      queue.backoff.remove(waiting);
      waiting.generation = nextGeneration++;
      waiting.since = clock;
      queue.add(waiting);
    }
  }

  private void expire() {
    if (config.expiry() == ContentConfig.Expiry.DROP) {
      queue.backoff.removeIf(w -> w.deadlineCounts && clock >= w.deadline());
    }
    for (Waiting waiting : List.copyOf(queue.ready)) {
      if (waiting.deadlineCounts && clock >= waiting.deadline()) {
        if (config.expiry() == ContentConfig.Expiry.DROP) {
          queue.remove(waiting);
        } else {
          waiting.deadlineCounts = false;
        }
      }
    }
  }

  private @Nullable Waiting find(long id) {
    for (List<Waiting> list : List.of(queue.ready, queue.backoff)) {
      for (Waiting waiting : list) {
        if (waiting.item.id() == id) {
          return waiting;
        }
      }
    }
    return null;
  }

  void limit(String destination, int items, @Nullable ByteRate rate) {
    windows.put(destination, items);
    if (!Objects.equals(rates.get(destination), rate)) {
      buckets.remove(destination);
      rates.remove(destination);
      if (rate != null) {
        rates.put(destination, rate);
      }
    }
  }

  private void tick(long now) {
    clock = Math.max(clock, now);
  }

  /** The permits of one decision. */
  private final class Gate {
    final List<Long> waits = new ArrayList<>();
    final TreeSet<String> blocked = new TreeSet<>();
    boolean allBlocked;
    boolean refused;

    boolean lets(Waiting waiting) {
      boolean lets = asks(waiting);
      refused |= !lets;
      return lets;
    }

    private boolean asks(Waiting waiting) {
      if (waiting.item.priorityClass() == PriorityClass.CONTROL) {
        return true;
      }
      String to = waiting.item.details().destinationOrNull();
      if (allBlocked || (to != null && (blocked.contains(to) || isFull(to)))) {
        return false;
      }
      long size = waiting.item.sizeBytes();
      long inAll = global == null ? 0 : global.nanosUntil(size, clock);
      TokenBucket bucket = bucket(to);
      long there = bucket == null ? 0 : bucket.nanosUntil(size, clock);
      if (there > 0 && to != null) {
        blocked.add(to);
        waits.add(Math.max(there, inAll));
        return false;
      }
      if (inAll > 0) {
        allBlocked = true;
        waits.add(inAll);
        return false;
      }
      return true;
    }

    private boolean isFull(String to) {
      int asked = windows.getOrDefault(to, 1);
      if (asked > 0 && (config.inFlightLimit() == 0 || config.destinationWindow() == 0)) {
        return false;
      }
      long onTheWay =
          inFlight.values().stream()
              .filter(w -> to.equals(w.item.details().destinationOrNull()))
              .count();
      return asked == 0
          || onTheWay >= Math.max(config.destinationWindow(), asked)
          || inFlight.size() >= config.inFlightLimit();
    }

    void pay(Waiting waiting) {
      TokenBucket bucket = bucket(waiting.item.details().destinationOrNull());
      if (bucket != null) {
        bucket.take(waiting.item.sizeBytes(), clock);
      }
      if (global != null) {
        global.take(waiting.item.sizeBytes(), clock);
      }
    }

    private @Nullable TokenBucket bucket(@Nullable String to) {
      ByteRate rate = to == null ? null : rates.get(to);
      if (rate == null) {
        return null;
      }
      return buckets.computeIfAbsent(
          to, k -> new TokenBucket(rate.bytesPerSecond(), rate.burstBytes(), clock));
    }
  }
}
