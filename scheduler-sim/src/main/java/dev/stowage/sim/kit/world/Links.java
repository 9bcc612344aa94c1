package dev.stowage.sim.kit.world;

import dev.stowage.Stowage;
import dev.stowage.Transfers;
import dev.stowage.Transfers.Transfer;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.FailureOutcome;
import dev.stowage.content.ScheduleReason;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressureSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries the transfers of a fleet over the links of its workers: {@link Transfers} decide what
 * leaves for whom and when, and the links, as the workers are described, how fast it arrives. A
 * tick is a second. Not thread-safe.
 */
public final class Links implements Transport {
  private static final long NANOS_PER_TICK = 1_000_000_000;

  /** The most transfers in flight; more than any world has. */
  private static final int MOST_IN_FLIGHT = 1 << 22;

  private final Bandwidth bandwidth;
  private final Supplier<Stowage> fleet;
  private final Map<WorkerId, SimulatedWorker> workers;

  /** The transfers on their way, by worker, in the order of departure. */
  private final Map<WorkerId, Map<ChunkNumber, OnTheWay>> coming = new HashMap<>();

  /** The failed transfers, with the time before which they are not retried. */
  private final Map<WorkerId, Map<ChunkNumber, Long>> backingOff = new HashMap<>();

  /** The bytes granted to each transfer in this tick, by its id. */
  private final Map<Long, Long> granted = new HashMap<>();

  /** The workers that asked in the previous tick; only they share the links in advance. */
  private final Set<WorkerId> asking = new HashSet<>();

  private final Set<WorkerId> stalled = new HashSet<>();
  private final Map<WorkerId, Transfer> lastArrived = new HashMap<>();
  private Consumer<Transfer> watcher = transfer -> {};
  private Predicate<WorkerId> spoils = source -> false;
  private PressureSnapshot pressure = PressureSnapshot.NONE;
  private @Nullable Stowage followed;
  private @Nullable Sending sending;
  private boolean isWaiting;
  private long left;
  private long tick;
  private long nowNanos;

  private record Sending(ContentScheduler scheduler, Transfers transfers) {}

  /**
   * A copy on its way.
   *
   * @param number its place in the order of departure
   * @param leftNanos its time of departure, in nanoseconds
   */
  private record OnTheWay(Transfer transfer, long number, long leftNanos) {
    SliceEntry entry() {
      return transfer.chunk().orElseThrow();
    }
  }

  /**
   * Creates links that have brought nothing.
   *
   * @param ticksAtOnce how many ticks' bytes go through between one tick and the next that is seen
   * @param fleet the facade that leads now
   * @param workers a live view of the workers
   */
  public Links(long ticksAtOnce, Supplier<Stowage> fleet, Map<WorkerId, SimulatedWorker> workers) {
    this.bandwidth = new Bandwidth(ticksAtOnce);
    this.fleet = fleet;
    this.workers = workers;
  }

  /** Tells a watcher of each copy just after it was chosen to leave. */
  public void watch(Consumer<Transfer> other) {
    watcher = other;
  }

  /**
   * Sets which sources spoil the latter half of what they send, asked once for each copy when it is
   * whole.
   */
  public void spoil(Predicate<WorkerId> sources) {
    spoils = sources;
  }

  @Override
  public void observe(PressureSnapshot sample) {
    pressure = sample;
    Sending now = sending;
    if (now != null) {
      showPressure(now.scheduler);
    }
  }

  private void showPressure(ContentScheduler scheduler) {
    scheduler.updatePressure(
        new PressureSnapshot(
            pressure.network(), pressure.disk(), pressure.cpu(), pressure.memory(), nowNanos),
        nowNanos);
  }

  @Override
  public Bandwidth bandwidth() {
    return bandwidth;
  }

  /** Returns how many copies wait to leave. */
  public int waitingCount() {
    Sending now = sending;
    return now == null ? 0 : now.scheduler.pendingCount();
  }

  /** Returns the band that holds transfers back. */
  public PressureBand band() {
    Sending now = sending;
    return now == null ? PressureBand.NORMAL : now.scheduler.pressure().band(nowNanos);
  }

  /** Reports whether a pressure holds transfers back. */
  public boolean isUnderPressure() {
    return pressure.maxPressure() > 0;
  }

  /**
   * Reports whether something that was asked for in this tick waits for a later one: for the link,
   * or for another attempt.
   */
  public boolean isWaiting(long now) {
    return isWaiting && now == tick;
  }

  /** Reports whether a copy has left and not arrived, or failed and may not be tried again yet. */
  public boolean isUnderWay(WorkerId to, ChunkNumber number) {
    return coming.getOrDefault(to, Map.of()).containsKey(number)
        || backingOff.getOrDefault(to, Map.of()).getOrDefault(number, 0L) > nowNanos;
  }

  // ---- what goes wrong ----

  /** Fails all transfers on their way to a worker. */
  public void fail(WorkerId to) {
    for (OnTheWay each : List.copyOf(coming.getOrDefault(to, Map.of()).values())) {
      observed(each, 0, Transfers.Outcome.FAILED);
      failed(each, "drawn");
    }
  }

  /** Stalls the transfers to a worker until {@link #resume}. */
  public void stall(WorkerId to) {
    stalled.add(to);
  }

  /** Resumes the transfers to a worker. */
  public void resume(WorkerId to) {
    stalled.remove(to);
  }

  /** Resumes the transfers to all workers, and discards earlier observations of them. */
  public void resumeAll() {
    stalled.clear();
    sending = null;
  }

  /** Reports whether transfers to some worker are stalled. */
  public boolean isStalled() {
    return !stalled.isEmpty();
  }

  /** Repeats the report that the last arrived transfer arrived, and then reports that it failed. */
  public void repeat(WorkerId to) {
    Transfer last = lastArrived.get(to);
    Sending now = present();
    if (last != null && now != null) {
      now.transfers.arrived(last.id());
      now.transfers.failed(last.id(), "drawn", nowNanos);
    }
  }

  // ---- the way of a copy ----

  @Override
  public List<SliceEntry> bring(SimulatedWorker to, Collection<SliceEntry> wanted, long now) {
    Sending by = sending(now);
    asking.add(to.id());
    Map<ChunkNumber, OnTheWay> mine = coming.getOrDefault(to.id(), Map.of());
    if (mine.isEmpty() || stalled.contains(to.id())) {
      return List.of();
    }
    dropCancelled(by, List.copyOf(mine.values()));
    Map<ChunkNumber, SliceEntry> asked = new HashMap<>();
    wanted.forEach(entry -> asked.put(entry.number(), entry));
    List<SliceEntry> whole = new ArrayList<>();
    List<OnTheWay> spoiled = new ArrayList<>();
    Iterator<OnTheWay> all = mine.values().iterator();
    while (all.hasNext()) {
      OnTheWay each = all.next();
      SliceEntry entry = asked.get(each.entry().number());
      if (entry == null || !to.hasRoomFor(entry)) {
        continue;
      }
      Long grant = granted.remove(each.transfer.id());
      long bytes =
          grant == null ? bandwidth.take(to, source(each), to.lacking(entry)) : grant.longValue();
      bandwidth.moved(to.id(), entry.number(), bytes);
      SimulatedWorker source = source(each);
      boolean isLast = bytes == to.lacking(entry);
      if (isLast && source != null && spoils.test(source.id())) {
        spoiled.add(each);
        continue;
      }
      if (to.receive(entry, bytes)) {
        whole.add(entry);
        all.remove();
        lastArrived.put(to.id(), each.transfer);
        observed(each, entry.sizeBytes(), Transfers.Outcome.ARRIVED);
        by.transfers.arrived(each.transfer.id());
      }
    }
    for (OnTheWay each : spoiled) {
      spoiled(by, to, each);
    }
    return whole;
  }

  @Override
  public void begin(long now) {
    Sending by = sending(now);
    by.transfers.follow(nowNanos);
    Transfers.Next next = by.transfers.next(nowNanos);
    for (; next instanceof Transfer transfer; next = by.transfers.next(nowNanos)) {
      ChunkNumber number = transfer.chunk().orElseThrow().number();
      watcher.accept(transfer);
      forget(backingOff, transfer.worker(), number);
      coming
          .computeIfAbsent(transfer.worker(), key -> new LinkedHashMap<>())
          .put(number, new OnTheWay(transfer, ++left, nowNanos));
    }
    isWaiting =
        next instanceof Transfers.Throttled held
            && held.decision().evidence().reason() != ScheduleReason.PRESSURE_THROTTLE;
  }

  /** Returns the transfers of the leading facade. */
  @SuppressWarnings("ReferenceEquality")
  private Sending sending(long now) {
    Stowage leading = fleet.get();
    Sending known = sending;
    if (now == tick && known != null && leading == followed) {
      return known;
    }
    bandwidth.begin();
    granted.clear();
    // A clock that was ahead is put back; what is paced by it must not stand still for as long.
    nowNanos += Math.max(0, now - tick) * NANOS_PER_TICK;
    tick = now;
    if (known == null || leading != followed) {
      coming.clear();
      backingOff.clear();
      followed = leading;
      ContentScheduler scheduler =
          ContentScheduler.of(
              ContentConfig.DEFAULT.withInFlightLimit(MOST_IN_FLIGHT).withDestinationWindow(0));
      known =
          new Sending(
              scheduler,
              leading
                  .transfers(scheduler, this::seconds)
                  .burst(Duration.ofSeconds(bandwidth.atOnce(1)))
                  .copiesOnly());
      sending = known;
    }
    showPressure(known.scheduler);
    grant();
    return known;
  }

  /** Shares the links of this tick among the transfers on their way, in the order of departure. */
  private void grant() {
    List<OnTheWay> all = new ArrayList<>();
    coming.values().forEach(mine -> all.addAll(mine.values()));
    all.sort(Comparator.comparingLong(OnTheWay::number));
    for (OnTheWay each : all) {
      SimulatedWorker to = workers.get(each.transfer.worker());
      if (to != null
          && asking.contains(to.id())
          && !stalled.contains(to.id())
          && !to.holds(each.entry().number())
          && to.hasRoomFor(each.entry())) {
        long bytes = bandwidth.take(to, source(each), to.lacking(each.entry()));
        granted.put(each.transfer.id(), bytes);
      }
    }
    asking.clear();
  }

  /** Returns the transfers of the leading facade; null before it has any. */
  @SuppressWarnings("ReferenceEquality")
  private @Nullable Sending present() {
    return followed == fleet.get() ? sending : null;
  }

  private double seconds(WorkerId to, long bytes) {
    SimulatedWorker worker = workers.get(to);
    return worker == null
        ? 0
        : (double) bytes / worker.description().description().downlinkBytesPerSecond();
  }

  private void dropCancelled(Sending by, List<OnTheWay> mine) {
    for (OnTheWay each : mine) {
      if (by.scheduler
          .token(each.transfer.id())
          .map(ContentScheduler.CancelToken::isCancelled)
          .orElse(true)) {
        failed(each, "cancelled");
      }
    }
  }

  private static <V> void forget(
      Map<WorkerId, Map<ChunkNumber, V>> from, WorkerId worker, ChunkNumber number) {
    Map<ChunkNumber, V> all = from.get(worker);
    if (all != null) {
      all.remove(number);
    }
  }

  /** Delivers a copy with a damaged latter half. */
  private void spoiled(Sending by, SimulatedWorker to, OnTheWay each) {
    SliceEntry entry = each.entry();
    long good = entry.sizeBytes() / 2;
    observed(each, entry.sizeBytes(), Transfers.Outcome.DAMAGED);
    Transfers.Damaged damaged = by.transfers.damaged(each.transfer.id(), good, "spoiled", nowNanos);
    long kept = damaged.mend() == Transfers.Mend.WHOLE ? 0 : good;
    to.keep(entry, kept);
    ended(each, damaged.outcome());
  }

  private void failed(OnTheWay each, String reason) {
    Sending by = present();
    ended(
        each,
        by == null
            ? new FailureOutcome.Unknown()
            : by.transfers.failed(each.transfer.id(), reason, nowNanos));
  }

  private void ended(OnTheWay each, FailureOutcome outcome) {
    WorkerId to = each.transfer.worker();
    ChunkNumber number = each.entry().number();
    forget(coming, to, number);
    if (outcome instanceof FailureOutcome.Retry again) {
      backingOff.computeIfAbsent(to, key -> new HashMap<>()).put(number, again.atNanos());
    }
  }

  private void observed(OnTheWay each, long bytes, Transfers.Outcome outcome) {
    Sending by = present();
    if (by == null) {
      return;
    }
    WorkerId to = each.transfer.worker();
    long nanos = nowNanos - each.leftNanos + NANOS_PER_TICK;
    SimulatedWorker source = source(each);
    if (source == null) {
      by.transfers.observedFromOrigin(to, bytes, nanos, outcome, nowNanos);
    } else {
      by.transfers.observed(source.id(), to, bytes, nanos, outcome, nowNanos);
    }
  }

  /** Returns the best source that still has the bytes; null for the host, which has them all. */
  private @Nullable SimulatedWorker source(OnTheWay each) {
    for (WorkerId id : each.transfer.sources()) {
      SimulatedWorker source = workers.get(id);
      if (source != null && source.holds(each.entry().number())) {
        return source;
      }
    }
    return null;
  }
}
