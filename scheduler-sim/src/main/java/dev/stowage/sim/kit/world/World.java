package dev.stowage.sim.kit.world;

import dev.stowage.Stowage;
import dev.stowage.client.ClientConfig;
import dev.stowage.client.ClientDoor;
import dev.stowage.client.PortalClient;
import dev.stowage.client.RouteBook;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.PortalDelta;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.Message;
import dev.stowage.store.FleetView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Workers and portals around one fleet, and the oracles that watch them.
 *
 * <p>A {@link #round} lets the time run on, tells portals, runs scheduling cycles, lets workers
 * delete, download and report, and runs visibility cycles. Workers hear of new assignments through
 * the propagation of the fleet, which loses some messages, and pull now and then. Portals are
 * clients that ask over a faulty wire. Everything that the workers and portals do is drawn from one
 * seed. Portals take in answers, and workers decide what to delete and to report, on the threads of
 * the settings; every message is sent in their order. Not thread-safe.
 */
public final class World implements AutoCloseable {
  /** The rounds between two pulls of a worker. */
  private static final int PULL_ROUNDS = 4;

  /** The percentage of chances at which messages of portals stay on the wire for a round. */
  private static final int LATE_PERCENT = 10;

  private static final String FLEET = "world";
  private static final RouteBook NO_ROUTES =
      RouteBook.of(
          new RoutesDocument(
              Lineage.of(0), PortalAssignmentId.of(0), Optional.empty(), List.of(), List.of()));

  private final WorldSettings settings;
  private final Chance chance;
  private final LongSupplier stopwatch;
  private final TreeMap<WorkerId, SimulatedWorker> workers = new TreeMap<>();
  private final Map<WorkerId, SimulatedWorker> byId = new HashMap<>();
  private final List<Portal> portals = new ArrayList<>();
  private final RoundTasks tasks;
  private final FaultyWire wire;
  private final WorldFindings findings = new WorldFindings();
  private final SightOracle sight = new SightOracle(findings);
  private final TellingOracle told = new TellingOracle(findings);
  private final MassDeletionOracle mass = new MassDeletionOracle(findings);
  private final BytesOracle bytes;

  private final Transport links;
  private final Transport instant = new Instant();
  private final Set<ChunkKey> removed = new HashSet<>();

  private final CycleAudit audit;
  private Stowage fleet;
  private Courier courier;
  private long rounds;

  private ClientDoor door;

  /** The published assignment; {@code kept} is what its deltas lead to. */
  private @Nullable PortalAssignment published;

  private RouteBook kept = NO_ROUTES;
  private long tick;
  private long vanishedBytes;
  private boolean isInstant;
  private long disksMade;
  private int lastResorts;

  /** A portal with the oracles that watch it and the requests that it left for the wire. */
  private static final class Portal {
    private final PortalClient client;
    private final WorldFindings findings = new WorldFindings();
    private final SightOracle sight = new SightOracle(findings);
    private final TellingOracle told = new TellingOracle(findings);
    private final BytesOracle bytes;
    private final List<Asked> asked = new ArrayList<>();

    private Portal(PortalId id, ClientConfig config, BytesOracle bytes) {
      this.bytes = bytes.ofPortal(findings);
      client = new PortalClient(FLEET, id, this::ask, config);
    }

    private CompletableFuture<byte[]> ask(byte[] request, int route) {
      Asked next = new Asked(request, route, new CompletableFuture<>());
      asked.add(next);
      return next.answer;
    }

    private String name() {
      return client.id().value();
    }
  }

  private record Asked(byte[] request, int route, CompletableFuture<byte[]> answer) {}

  /**
   * A world without workers at tick 0.
   *
   * @param fleet what it surrounds; leads its store already
   * @param settings how it is made
   * @param chance where all its chance comes from
   * @param stopwatch nanoseconds from anywhere, for measuring only; nothing is decided by it
   */
  public World(Stowage fleet, WorldSettings settings, Chance chance, LongSupplier stopwatch) {
    this(fleet, settings, chance, stopwatch, Runnable::run);
  }

  /** Makes the transport of a world from the facade that leads, and a live view of its workers. */
  @FunctionalInterface
  public interface TransportMaker {
    /** Makes it. */
    Transport make(Supplier<Stowage> fleet, Map<WorkerId, SimulatedWorker> workers);
  }

  /**
   * Creates a world with audits that run beside it.
   *
   * @param auditor runs the audits one by one; the world waits for each before it begins the next
   *     but one
   */
  public World(
      Stowage fleet,
      WorldSettings settings,
      Chance chance,
      LongSupplier stopwatch,
      Executor auditor) {
    this(
        fleet,
        settings,
        chance,
        stopwatch,
        auditor,
        (leading, workers) -> new Links(settings.roundTicks(), leading, workers));
  }

  /**
   * Creates a world with another transport.
   *
   * @param transport makes the transport that brings bytes to the disks of workers
   */
  public World(
      Stowage fleet,
      WorldSettings settings,
      Chance chance,
      LongSupplier stopwatch,
      Executor auditor,
      TransportMaker transport) {
    this.fleet = Objects.requireNonNull(fleet, "fleet");
    this.settings = Objects.requireNonNull(settings, "settings");
    this.chance = Objects.requireNonNull(chance, "chance");
    this.stopwatch = Objects.requireNonNull(stopwatch, "stopwatch");
    bytes = new BytesOracle(findings, settings.floor());
    tasks = new RoundTasks(settings.threads());
    links = transport.make(() -> this.fleet, Collections.unmodifiableMap(workers));
    audit = new CycleAudit(() -> this.fleet.snapshot(), findings, stopwatch, auditor);
    courier = courier();
    door = ClientDoor.of(fleet, FLEET);
    Chance drawn = chance.split();
    wire =
        new FaultyWire(
            drawn::below, settings.lossPercent(), (asked, way) -> door.answer(asked, nowNanos()));
    if (settings.lossPercent() == 0) {
      wire.heal();
    }
    ClientConfig config = portalConfig(fleet.time().nanosAt(Tick.of(settings.roundTicks())));
    for (int i = 1; i <= settings.portals(); i++) {
      portals.add(new Portal(PortalId.of("portal-" + i), config, bytes));
    }
  }

  /** Returns the configuration of portals that ask in each round, and again after a lost answer. */
  private static ClientConfig portalConfig(long roundNanos) {
    return ClientConfig.DEFAULT.withPoll(roundNanos).withTimeout(roundNanos).withRetries(1, 1);
  }

  private Courier courier() {
    Courier fresh = new Courier(fleet, chance.split(), settings.lossPercent());
    workers.values().forEach(worker -> fresh.serves(worker, nowNanos()));
    return fresh;
  }

  /** Makes another facade lead; workers and portals talk to it from now on. */
  public void ledBy(Stowage other) {
    fleet = Objects.requireNonNull(other, "other");
    courier = courier();
    door = ClientDoor.of(fleet, FLEET);
  }

  /** Returns the present time of the host, in nanoseconds. */
  public long nowNanos() {
    return fleet.time().nanosAt(Tick.of(tick));
  }

  /** Tells a watcher of all bytes that come to workers from now on. */
  public void watch(Bandwidth.Arrivals arrivals) {
    links.bandwidth().watch(arrivals);
    instant.bandwidth().watch(arrivals);
  }

  /** Lets a worker join with an empty disk of its capacity. */
  public void join(Worker worker) {
    SimulatedWorker joined = new SimulatedWorker(worker, anotherDisk(), this::hear);
    accepted(joined.describe(worker), worker.id());
    workers.put(worker.id(), joined);
    byId.put(worker.id(), joined);
    courier.serves(joined, nowNanos());
    start(joined);
  }

  /** Reports whether a worker has joined and runs. */
  public boolean isUp(WorkerId worker) {
    SimulatedWorker known = byId.get(worker);
    return known != null && known.isUp();
  }

  /** Silences a worker; its disk stays unchanged. */
  public void silence(WorkerId worker) {
    known(worker).stop();
  }

  /** Brings back a silent worker with its disk. */
  public void comeBack(WorkerId worker) {
    start(known(worker));
  }

  /** Brings back a silent worker with an empty disk. */
  public void comeBackEmpty(WorkerId worker) {
    SimulatedWorker back = known(worker);
    back.disk().entries().forEach(bytes::vanished);
    vanishedBytes += back.disk().usedBytes() + back.disk().partBytes();
    back.loseDisk(anotherDisk());
    start(back);
  }

  /** Describes a worker anew, such as with another capacity; its disk stays unchanged. */
  public void describe(Worker worker) {
    accepted(known(worker.id()).describe(worker), worker.id());
  }

  /** Reports whether a worker has ever joined. */
  public boolean hasJoined(WorkerId worker) {
    return workers.containsKey(worker);
  }

  /** Returns the present description of a worker. */
  public Worker described(WorkerId worker) {
    return known(worker).description();
  }

  /** Returns the running workers, in order of id. */
  public List<WorkerId> running() {
    return workers.values().stream()
        .filter(SimulatedWorker::isUp)
        .map(SimulatedWorker::id)
        .toList();
  }

  /**
   * Sets whether bytes come at once instead of over the links, as in a fleet that begins filled.
   */
  public void bringAtOnce(boolean atOnce) {
    isInstant = atOnce;
  }

  /** Lets portals lose sight of a chunk that nothing replaces. */
  public void removes(ChunkKey chunk) {
    removed.add(chunk);
  }

  /** Lets deletions leave as few copies as {@code copies}. */
  public void lowerFloor(int copies) {
    bytes.lowerFloor(copies);
  }

  /** Returns the bytes on all disks, those of incomplete replicas included. */
  public long heldBytes() {
    long held = 0;
    for (SimulatedWorker worker : workers.values()) {
      held += worker.disk().usedBytes() + worker.disk().partBytes();
    }
    return held;
  }

  /** Runs one round; returns its events. */
  public Round round() {
    return round(() -> {});
  }

  /**
   * Runs one round; returns its events. A cycle that says that there is more is followed by the
   * next one at once.
   *
   * @param planned runs once the last scheduling cycle is over; anything it starts may read the
   *     planner until the round is over
   */
  public Round round(Runnable planned) {
    tick += settings.roundTicks();
    rounds++;
    long vanished = vanishedBytes;
    vanishedBytes = 0;
    deliver(nowNanos());
    turnPortals();
    Cycles<Result.Scheduled> schedules =
        cycles(new Command.Schedule(), fleet::schedule, Result.Scheduled::more);
    planned.run();
    lastResorts = schedules.answers().stream().mapToInt(each -> each.movement().lastResort()).sum();
    tellWorkers();
    long freed = deleteAndOrder();
    long moved = download();
    Cycles<Result.Published> publications =
        cycles(Command.Publish.now(), fleet::publish, Result.Published::more);
    courier.follow(nowNanos() + Courier.AFTER_A_CYCLE_NANOS);
    RoundTimes times =
        new RoundTimes(
            schedules.nanos(),
            publications.nanos(),
            Math.max(schedules.slowestNanos(), publications.slowestNanos()),
            audit.drainNanos());
    return new Round(
        tick,
        schedules.answers(),
        publications.answers(),
        new RoundBytes(moved, freed, vanished, heldBytes()),
        lagging(),
        times);
  }

  /** The cycles of one kind in a round, and how many nanoseconds they took. */
  private record Cycles<R>(List<R> answers, long nanos, long slowestNanos) {}

  private <R extends Result> Cycles<R> cycles(
      Command<?> command, LongFunction<R> cycle, Predicate<R> hasMore) {
    List<R> answers = new ArrayList<>();
    long sum = 0;
    long slowest = 0;
    R answer;
    do {
      audit.before();
      long begun = stopwatch.getAsLong();
      answer = cycle.apply(nowNanos());
      long nanos = stopwatch.getAsLong() - begun;
      audit.after(command, answer);
      answers.add(answer);
      sum += nanos;
      slowest = Math.max(slowest, nanos);
    } while (hasMore.test(answer));
    return new Cycles<>(answers, sum, slowest);
  }

  /**
   * Judges what is there now as if nothing had been judged before: the books, what is published,
   * what portals route by and what workers were told. Routes that a portal may no longer use
   * promise no bytes. To be called at the end of each event.
   */
  public void judgeWhole() {
    audit.whole();
    RouteBook led = newestRoutes();
    PortalDelta newest = fleet.fleet().portalAssignment().full();
    told.whole("who follows the deltas", led, newest);
    sight.published(newest.put());
    bytes.whole(newest.put(), this::hasBytes, mayMiss(led));
    long now = nowNanos();
    watched(portal -> {
      RouteBook used = portal.client.routes();
      portal.told.whole(portal.name(), used, newest);
      portal.sight.whole(portal.name(), used);
      if (portal.client.isServing(now)) {
        portal.bytes.whole(used.routes(), this::hasBytes, mayMiss(used));
      }
    });
    workers.values().forEach(told::whole);
  }

  /** Returns the first hundred findings of the oracles; empty if there are none. */
  public List<String> violations() {
    audit.settle();
    return findings.violations();
  }

  /** Returns the number of facts that the oracles checked. */
  public long checks() {
    audit.settle();
    return findings.checks();
  }

  /** Messages to workers and requests of portals so far: sent, lost, and arrived deltas. */
  public List<Long> messages() {
    long asked = 0;
    long failed = 0;
    for (Portal portal : portals) {
      PortalClient.Status status = portal.client.status(nowNanos());
      asked += status.requests();
      failed += status.failures();
    }
    return List.of(courier.sent() + asked, courier.lost() + failed, courier.deltas());
  }

  /** Routes that led to bytes that had just vanished with their disk. */
  public long measuredMisses() {
    return findings.measuredMisses();
  }

  private void deliver(long now) {
    for (Message each : courier.arriving(now)) {
      if (each instanceof Message.Slice news) {
        SimulatedWorker worker = workers.get(news.worker());
        if (worker != null && worker.isUp()) {
          tell(worker, news, now);
        }
      }
    }
  }

  private void tell(SimulatedWorker worker, Message.Slice news, long now) {
    if (worker.hears(news.delta())) {
      told.slice(worker, news.delta().slice());
    } else {
      courier.refused(news.recipient(), now);
    }
  }

  /** Lets portals ask and hear; what is on the wire when the turn ends arrives in a later round. */
  private void turnPortals() {
    fleet.renew();
    turnEach();
    while (wire.waiting() > 0 && !chance.happens(LATE_PERCENT)) {
      wire.deliver();
    }
    turnEach();
  }

  private void turnEach() {
    RouteBook newest = newestRoutes();
    long sum = told.sumOf(newest);
    long now = nowNanos();
    watched(portal -> turn(portal, now, newest, sum));
    for (Portal portal : portals) {
      portal.asked.forEach(this::send);
      portal.asked.clear();
    }
  }

  private void turn(Portal portal, long now, RouteBook newest, long sum) {
    RouteBook before = portal.client.routes();
    portal.client.turn(now);
    RouteBook next = portal.client.routes();
    if (next != before) {
      portal.sight.moved(
          portal.name(),
          before,
          next,
          gone -> removed.contains(gone.key()) || SightOracle.covers(next, gone));
      portal.told.routes(portal.name(), before, next, newest, sum);
      portal.bytes.told(next, before, this::hasBytes, mayMiss(next));
    }
  }

  /** Runs a part for each portal, and then takes what its oracles found. */
  private void watched(Consumer<Portal> part) {
    tasks.each(portals.size(), place -> part.accept(portals.get(place)));
    portals.forEach(portal -> findings.take(portal.findings));
  }

  private void send(Asked next) {
    try {
      wire.transport().send(next.request, next.route).thenAccept(next.answer::complete);
    } catch (IllegalStateException noRoute) {
      next.answer.completeExceptionally(noRoute);
    }
  }

  private void tellWorkers() {
    long now = nowNanos() + Courier.AFTER_A_CYCLE_NANOS;
    courier.follow(nowNanos());
    deliver(now);
    long turn = rounds;
    for (SimulatedWorker worker : workers.values()) {
      turn++;
      if (worker.isUp() && (worker.holds() == 0 || turn % PULL_ROUNDS == 0)) {
        courier.pull(worker, now);
      }
    }
  }

  private long deleteAndOrder() {
    RouteBook newest = newestRoutes();
    FleetView published = fleet.fleet();
    List<SimulatedWorker> up = up();
    List<Ordered> ordered = eachOf(up, worker -> Ordered.of(worker, tick, published));
    long freed = 0;
    for (int place = 0; place < up.size(); place++) {
      SimulatedWorker worker = up.get(place);
      mass.begins(worker);
      mass.fetches(ordered.get(place).fetched);
      freed +=
          worker.carryOut(
              ordered.get(place).unnamed,
              entry -> {
                mass.deletes(entry);
                bytes.deletes(
                    worker.id(),
                    entry,
                    newest.of(entry.key()),
                    askers(entry, worker),
                    () -> lastResorts-- > 0);
              });
      mass.ends(worker.id());
    }
    return freed;
  }

  /** Holds the chunks that a worker is to delete, and the full slice that it fetched before. */
  private record Ordered(List<ChunkNumber> unnamed, Optional<WorkerSlice> fetched) {
    private static Ordered of(SimulatedWorker worker, long tick, FleetView published) {
      AtomicReference<Optional<WorkerSlice>> fetched = new AtomicReference<>(Optional.empty());
      List<ChunkNumber> unnamed =
          worker.decide(
              tick,
              () -> {
                fetched.setPlain(published.slice(worker.id()));
                return fetched.getPlain();
              });
      return new Ordered(unnamed, fetched.getPlain());
    }
  }

  private List<SimulatedWorker> up() {
    return workers.values().stream().filter(SimulatedWorker::isUp).toList();
  }

  /** Runs a part for each worker; returns the results in the order of the workers. */
  private <T> List<T> eachOf(List<SimulatedWorker> all, Function<SimulatedWorker, T> part) {
    List<Optional<T>> results = new ArrayList<>(Collections.nCopies(all.size(), Optional.empty()));
    tasks.each(all.size(), place -> results.set(place, Optional.of(part.apply(all.get(place)))));
    return results.stream().map(Optional::orElseThrow).toList();
  }

  /** Returns the portals that may ask a worker for bytes, by routes newer than its disk. */
  private List<PortalId> askers(SliceEntry entry, SimulatedWorker worker) {
    return portals.stream()
        .map(portal -> portal.client)
        .filter(
            each -> BytesOracle.mayAsk(each, entry.key(), entry.number(), worker.id(), nowNanos()))
        .filter(each -> worker.excuses().arePromising(each.routes().id().value()))
        .map(PortalClient::id)
        .toList();
  }

  /**
   * Downloads for each worker. Each round begins with another worker, so that none is always first
   * at the link of a source.
   */
  private long download() {
    Transport transport = isInstant ? instant : links;
    long before = transport.bandwidth().movedBytes();
    transport.begin(tick);
    List<SimulatedWorker> inTurn = new ArrayList<>(workers.values());
    Collections.rotate(inTurn, -(int) (rounds % Math.max(1, inTurn.size())));
    inTurn.removeIf(worker -> !worker.isUp());
    for (SimulatedWorker worker : inTurn) {
      worker.download(transport, entry -> true, tick).forEach(entry -> bytes.came(entry.number()));
    }
    List<Supplier<Result>> reports = eachOf(inTurn, SimulatedWorker::reportWhatIsMissing);
    for (int place = 0; place < inTurn.size(); place++) {
      accepted(reports.get(place).get(), inTurn.get(place).id());
    }
    return transport.bandwidth().movedBytes() - before;
  }

  /** Returns the routes to which the deltas of published assignments lead. */
  private RouteBook newestRoutes() {
    PortalAssignment newest = fleet.fleet().portalAssignment();
    PortalAssignment known = published;
    if (known != newest) {
      RouteBook before = kept;
      published = newest;
      try {
        PortalDelta news =
            known != null && known.id().equals(before.id())
                ? newest.deltaSince(known)
                : newest.full();
        kept = before.after(RoutesDocument.of(news));
      } catch (IllegalArgumentException unusable) {
        findings.violated("swap atomicity", String.valueOf(unusable.getMessage()));
      }
      told.follows(before, kept);
    }
    return kept;
  }

  private int lagging() {
    RouteBook newest = newestRoutes();
    return (int)
        portals.stream()
            .map(portal -> portal.client.routes())
            .filter(it -> !it.id().equals(newest.id()) || !it.lineage().equals(newest.lineage()))
            .count();
  }

  private boolean hasBytes(WorkerId worker, ChunkNumber number) {
    SimulatedWorker asked = byId.get(worker);
    return asked != null && asked.holds(number);
  }

  /** Returns a test for missing bytes: routes older than a worker's disk promise nothing. */
  private BiPredicate<WorkerId, ChunkNumber> mayMiss(RouteBook routes) {
    return (worker, number) -> {
      SimulatedWorker asked = byId.get(worker);
      return asked != null && !asked.excuses().arePromising(routes.id().value());
    };
  }

  private void start(SimulatedWorker worker) {
    accepted(worker.start(newestRoutes().id().value()), worker.id());
  }

  private Result hear(Command<?> said) {
    return said instanceof Command.Inventory all
        ? fleet.inventory(all.header(), all.chunks(), nowNanos())
        : fleet.execute(said, nowNanos());
  }

  /** Ends the threads of the world. */
  @Override
  public void close() {
    tasks.close();
  }

  private String anotherDisk() {
    disksMade++;
    return "disk-" + disksMade + "-" + Long.toHexString(chance.next());
  }

  private SimulatedWorker known(WorkerId worker) {
    SimulatedWorker known = workers.get(worker);
    if (known == null) {
      throw new IllegalArgumentException("worker is " + worker + "; none of that name has joined");
    }
    return known;
  }

  private static void accepted(Result answer, WorkerId worker) {
    if (!answer.isAccepted()) {
      throw new IllegalStateException(worker + " is refused: " + answer);
    }
  }
}
