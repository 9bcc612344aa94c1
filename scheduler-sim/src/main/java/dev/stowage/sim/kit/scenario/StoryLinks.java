package dev.stowage.sim.kit.scenario;

import dev.stowage.Stowage;
import dev.stowage.StowageService;
import dev.stowage.Transfers;
import dev.stowage.Transfers.Transfer;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.FailureOutcome;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.sim.kit.world.Bandwidth;
import dev.stowage.sim.kit.world.LedTransfers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The links of scripted workers, to which the service of the leader sends: what is on the way comes
 * when a worker of the story asks. A tick is a second. Not thread-safe.
 */
final class StoryLinks implements StowageService.Sender {
  private static final Duration TICK = Duration.ofSeconds(1);

  private final Supplier<Stowage> fleet;
  private final Bandwidth bandwidth;
  private final Consumer<Transfer> watcher;

  /** The copies on their way, in the order of departure. */
  private final Map<Copy, OnTheWay> coming = new LinkedHashMap<>();

  /** The failed copies, with the time before which they are not retried. */
  private final Map<Copy, Long> backingOff = new HashMap<>();

  private final Set<WorkerId> stalled = new HashSet<>();
  private final Map<WorkerId, Transfer> lastArrived = new HashMap<>();
  private PressureSnapshot pressure = PressureSnapshot.NONE;
  private @Nullable LedTransfers led;
  private @Nullable InvariantViolation broken;
  private long due;
  private long tick;
  private long nowNanos;

  private record Copy(WorkerId to, ChunkNumber number) {
    static Copy of(Transfer transfer) {
      return new Copy(transfer.worker(), transfer.chunk().orElseThrow().number());
    }
  }

  private record OnTheWay(Transfer transfer, long leftNanos) {}

  /**
   * Creates links on which nothing is.
   *
   * @param fleet the facade that leads now
   * @param workers a live view of the workers
   * @param watcher hears of each copy just after it was chosen to leave
   */
  StoryLinks(
      Supplier<Stowage> fleet, Map<WorkerId, ScriptedWorker> workers, Consumer<Transfer> watcher) {
    this.fleet = fleet;
    this.bandwidth = new Bandwidth(1, workers);
    this.watcher = watcher;
  }

  /** Sets the pressure that may hold transfers back, until the next call. */
  void observe(PressureSnapshot sample) {
    pressure = sample;
  }

  /** Reports whether a pressure holds transfers back. */
  boolean isUnderPressure() {
    return pressure.maxPressure() > 0;
  }

  long movedBytes() {
    return bandwidth.movedBytes();
  }

  /**
   * Reports whether something that was asked for in this tick waits for a later one: for the link,
   * or for another attempt.
   */
  boolean isWaiting(long now) {
    return now == tick && due < Long.MAX_VALUE && due != ContentScheduler.PRESSURE_RETRY_NANOS;
  }

  /** Reports whether a copy has left and not arrived, or failed and may not be tried again yet. */
  boolean isUnderWay(WorkerId to, ChunkNumber number) {
    Copy copy = new Copy(to, number);
    return coming.containsKey(copy) || backingOff.getOrDefault(copy, 0L) > nowNanos;
  }

  // ---- what goes wrong ----

  /** Forgets what was sent and observed, as when another leads. */
  void forget() {
    led = null;
    coming.clear();
    backingOff.clear();
  }

  /** Fails all transfers on their way to a worker. */
  void fail(WorkerId to) {
    for (OnTheWay each : onTheWay(to)) {
      observed(each, 0, Transfers.Outcome.FAILED);
      failed(each.transfer, "drawn");
    }
  }

  /** Stalls the transfers to a worker until {@link #resume}. */
  void stall(WorkerId to) {
    stalled.add(to);
  }

  /** Resumes the transfers to a worker. */
  void resume(WorkerId to) {
    stalled.remove(to);
  }

  /** Resumes the transfers to all workers, and discards earlier observations of them. */
  void resumeAll() {
    stalled.clear();
    forget();
  }

  /** Reports whether transfers to some worker are stalled. */
  boolean isStalled() {
    return !stalled.isEmpty();
  }

  /** Repeats the report that the last arrived transfer arrived, and then reports that it failed. */
  void repeat(WorkerId to) {
    Transfer last = lastArrived.get(to);
    if (last != null && led != null) {
      transfers().arrived(last.id());
      transfers().failed(last.id(), "drawn", nowNanos);
    }
  }

  // ---- the way of a copy ----

  /** Lets leave what is assigned now and may go. */
  void begin(long now) {
    if (now != tick || led == null) {
      bandwidth.begin(false);
      // A clock that was ahead is put back; what is paced by it must not stand still for as long.
      nowNanos += Math.max(0, now - tick) * TICK.toNanos();
      tick = now;
    }
    LedTransfers known = led;
    if (known == null) {
      known =
          new LedTransfers(
              fleet.get(), () -> nowNanos, TICK, bandwidth::seconds, UnaryOperator.identity());
      known.service().transferring(known.transfers(), this);
      led = known;
    }
    known.observe(pressure);
    due = known.follow();
    requireSound();
  }

  @Override
  public void send(Transfers.ToSend item) {
    Transfer transfer = (Transfer) item;
    try {
      watcher.accept(transfer);
    } catch (InvariantViolation found) {
      broken = broken == null ? found : broken;
    }
    coming.put(Copy.of(transfer), new OnTheWay(transfer, nowNanos));
  }

  // The service would take it for a failure of the transport.
  private void requireSound() {
    InvariantViolation found = broken;
    broken = null;
    if (found != null) {
      throw found;
    }
  }

  /**
   * Lets come what a worker asks for, as far as it may come in this tick and fits on the disk. The
   * bytes of a replica that is not whole stay with the disk.
   *
   * @return what is whole now, and on the disk
   */
  List<SliceEntry> bring(ScriptedWorker to, Collection<SliceEntry> wanted) {
    List<SliceEntry> whole = new ArrayList<>();
    Map<ChunkNumber, SliceEntry> asked = new HashMap<>();
    wanted.forEach(entry -> asked.put(entry.number(), entry));
    for (int before = -1; before < whole.size() && !stalled.contains(to.id()); ) {
      before = whole.size();
      for (OnTheWay each : onTheWay(to.id())) {
        Copy copy = Copy.of(each.transfer);
        SliceEntry entry = asked.get(copy.number);
        if (!transfers().isUnderWay(each.transfer.id())) {
          failed(each.transfer, "cancelled");
        } else if (entry != null
            && to.hasRoomFor(entry)
            && bandwidth.bring(to, source(each.transfer), entry)) {
          whole.add(entry);
          lastArrived.put(to.id(), each.transfer);
          observed(each, entry.sizeBytes(), Transfers.Outcome.ARRIVED);
          coming.remove(copy);
          transfers().arrived(each.transfer.id());
        }
      }
      due = Objects.requireNonNull(led).deliver();
      requireSound();
    }
    return whole;
  }

  private Transfers transfers() {
    return Objects.requireNonNull(led, "what is on the way was sent").transfers();
  }

  private List<OnTheWay> onTheWay(WorkerId to) {
    return coming.values().stream().filter(it -> it.transfer.worker().equals(to)).toList();
  }

  private void failed(Transfer transfer, String reason) {
    Copy copy = Copy.of(transfer);
    coming.remove(copy);
    if (transfers().failed(transfer.id(), reason, nowNanos) instanceof FailureOutcome.Retry it) {
      backingOff.put(copy, it.atNanos());
    }
  }

  private void observed(OnTheWay each, long bytes, Transfers.Outcome outcome) {
    WorkerId to = each.transfer.worker();
    long nanos = nowNanos - each.leftNanos + TICK.toNanos();
    WorkerId source = source(each.transfer);
    if (source == null) {
      transfers().observedFromOrigin(to, bytes, nanos, outcome, nowNanos);
    } else {
      transfers().observed(source, to, bytes, nanos, outcome, nowNanos);
    }
  }

  private @Nullable WorkerId source(Transfer transfer) {
    return bandwidth.source(transfer.chunk().orElseThrow().number(), transfer.sources());
  }
}
