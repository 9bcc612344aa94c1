package dev.stowage.sim.kit.scenario;

import dev.stowage.Stowage;
import dev.stowage.StowageService;
import dev.stowage.Transfers;
import dev.stowage.Transfers.Transfer;
import dev.stowage.client.transfers.TransferDoor;
import dev.stowage.client.transfers.TransferWire.AskTransfers;
import dev.stowage.client.transfers.TransferWire.Ended;
import dev.stowage.client.transfers.TransferWire.Job;
import dev.stowage.content.ContentScheduler;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.sim.kit.world.Bandwidth;
import dev.stowage.sim.kit.world.LedTransfers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The links of scripted workers, and the door that tells the workers what comes over them. A worker
 * asks the door when the story lets something come to it, or fail. A tick is a second. Not
 * thread-safe.
 */
final class StoryLinks {
  private static final Duration TICK = Duration.ofSeconds(1);

  /** The most transfers that a worker runs at once. */
  private static final int ROOM = 8;

  private final Supplier<Stowage> fleet;
  private final Map<WorkerId, ScriptedWorker> workers;
  private final Bandwidth bandwidth;
  private final Consumer<Transfer> watcher;

  /** The transfers that workers run, by id. */
  private final Map<WorkerId, Map<Long, Running>> running = new HashMap<>();

  /** The newest transfer of each copy that left. */
  private final Map<Copy, Long> left = new HashMap<>();

  private final Set<WorkerId> stalled = new HashSet<>();
  private final Map<WorkerId, Ended> lastArrived = new HashMap<>();
  private PressureSnapshot pressure = PressureSnapshot.NONE;
  private @Nullable Led led;
  private @Nullable InvariantViolation broken;
  private long due;
  private long tick;
  private long nowNanos;

  private record Copy(WorkerId to, ChunkNumber number) {}

  private record Running(Job job, long begunNanos) {}

  private record Led(LedTransfers transfers, TransferDoor door) {}

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
    this.workers = workers;
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
    Long id = left.get(new Copy(to, number));
    return id != null && led != null && led.transfers.isOnItsWay(id);
  }

  // ---- what goes wrong ----

  /** Forgets what was sent and observed, as when another leads. */
  void forget() {
    led = null;
    running.clear();
    left.clear();
  }

  /** Fails all transfers that a worker runs or is told of. */
  void fail(WorkerId to) {
    ScriptedWorker worker = workers.get(to);
    if (worker != null && led != null) {
      begin(tick); // as a turn follows each plan: nothing leaves in between by an older one
      List<Running> all = ask(worker, List.of());
      all.addAll(runningOn(to).values());
      List<Ended> failed = new ArrayList<>();
      all.forEach(each -> failed.add(end(to, each, Transfers.Outcome.FAILED, 0, "drawn")));
      ask(worker, failed);
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
    Ended last = lastArrived.get(to);
    ScriptedWorker worker = workers.get(to);
    if (last != null && worker != null && led != null) {
      begin(tick);
      Ended failed =
          new Ended(last.id(), Transfers.Outcome.FAILED, last.source(), 0, last.nanos(), "drawn");
      ask(worker, List.of(last, failed));
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
    Led known = led;
    if (known == null) {
      known = lead();
      led = known;
    }
    known.transfers.observe(pressure);
    due = known.transfers.follow();
    requireSound();
  }

  private Led lead() {
    LedTransfers transfers =
        new LedTransfers(
            fleet.get(), () -> nowNanos, TICK, bandwidth::seconds, UnaryOperator.identity());
    StowageService service = transfers.service();
    TransferDoor door = new TransferDoor(service, transfers.transfers());
    transfers
        .transfers()
        .send(
            service,
            item -> {
              watch((Transfer) item);
              door.send(item);
            });
    return new Led(transfers, door);
  }

  private void watch(Transfer transfer) {
    ChunkNumber number = transfer.chunk().orElseThrow().number();
    try {
      watcher.accept(transfer);
    } catch (InvariantViolation found) {
      broken = broken == null ? found : broken;
    }
    left.put(new Copy(transfer.worker(), number), transfer.id());
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
   * Lets come what a worker wants, as far as it may come in this tick and fits on the disk. The
   * bytes of a replica that is not whole stay with the disk.
   *
   * @return what is whole now, and on the disk
   */
  List<SliceEntry> bring(ScriptedWorker to, Predicate<SliceEntry> mayCome) {
    List<SliceEntry> whole = new ArrayList<>();
    List<Ended> ended = new ArrayList<>();
    do {
      ask(to, ended);
      ended.clear();
      if (!stalled.contains(to.id())) {
        receive(to, mayCome, whole, ended);
      }
    } while (!ended.isEmpty());
    return whole;
  }

  private void receive(
      ScriptedWorker to, Predicate<SliceEntry> mayCome, List<SliceEntry> whole, List<Ended> ended) {
    Map<ChunkNumber, SliceEntry> wanted = wanted(to);
    for (Running each : List.copyOf(runningOn(to.id()).values())) {
      SliceEntry entry = wanted.get(each.job.number());
      if (entry == null) {
        ended.add(end(to.id(), each, Transfers.Outcome.STALLED, 0, "unwanted"));
      } else if (mayCome.test(entry)
          && to.hasRoomFor(entry)
          && bandwidth.bring(to, source(each.job), entry)) {
        whole.add(entry);
        Ended arrived = end(to.id(), each, Transfers.Outcome.ARRIVED, entry.sizeBytes(), "");
        ended.add(arrived);
        lastArrived.put(to.id(), arrived);
      }
    }
  }

  /**
   * Tells the door which transfers ended, ends those that it tells of and whose chunks the worker
   * holds, and runs those of wanted chunks.
   *
   * @return those of other chunks
   */
  private List<Running> ask(ScriptedWorker to, List<Ended> ended) {
    Led known = led;
    if (known == null) {
      return new ArrayList<>();
    }
    List<Running> others = new ArrayList<>();
    List<Ended> needless = new ArrayList<>();
    Map<Long, Running> runs = runningOn(to.id());
    Map<ChunkNumber, SliceEntry> wanted = wanted(to);
    List<Long> ids = List.copyOf(runs.keySet());
    AskTransfers question = new AskTransfers(to.id(), ROOM - ids.size(), ids, List.copyOf(ended));
    for (Job job : known.door.ask(question, nowNanos).jobs()) {
      Running told = new Running(job, nowNanos);
      if (wanted.containsKey(job.number())) {
        runs.put(job.id(), told);
      } else if (to.holds(job.number())) {
        needless.add(new Ended(job.id(), Transfers.Outcome.ARRIVED, Optional.empty(), 0, 0, ""));
      } else {
        others.add(told);
      }
    }
    due = known.transfers.deliver();
    requireSound();
    return needless.isEmpty() ? others : ask(to, needless);
  }

  private static Map<ChunkNumber, SliceEntry> wanted(ScriptedWorker of) {
    Map<ChunkNumber, SliceEntry> wanted = new HashMap<>();
    of.wanted().forEach(entry -> wanted.put(entry.number(), entry));
    return wanted;
  }

  private Map<Long, Running> runningOn(WorkerId worker) {
    return running.computeIfAbsent(worker, id -> new LinkedHashMap<>());
  }

  private Ended end(
      WorkerId to, Running each, Transfers.Outcome outcome, long bytes, String reason) {
    runningOn(to).remove(each.job.id());
    long nanos = nowNanos - each.begunNanos + TICK.toNanos();
    return new Ended(
        each.job.id(), outcome, Optional.ofNullable(source(each.job)), bytes, nanos, reason);
  }

  private @Nullable WorkerId source(Job job) {
    return bandwidth.source(job.number(), job.sources());
  }
}
