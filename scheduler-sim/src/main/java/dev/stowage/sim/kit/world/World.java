package dev.stowage.sim.kit.world;

import dev.stowage.Stowage;
import dev.stowage.audit.Audit;
import dev.stowage.client.ClientConfig;
import dev.stowage.client.ClientDoor;
import dev.stowage.client.PortalClient;
import dev.stowage.client.RouteBook;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.content.ContentQueue;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.propagation.Message;
import dev.stowage.propagation.Recipient;
import dev.stowage.store.FleetView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Workers and portals around one fleet, and the oracles that watch them.
 *
 * <p>A {@link #round} lets the time run on, tells portals, runs scheduling cycles, lets workers
 * delete, download and report, and runs visibility cycles. Workers and portals are the shipped
 * clients over faulty wires. Workers hear of new assignments through the propagation of the fleet,
 * which loses some messages, and poll in each round. Everything that the workers and portals do is
 * drawn from one seed. Clients take their turns on the threads of the settings; every message is
 * sent in their order. Not thread-safe.
 */
public final class World implements AutoCloseable {
  /**
   * The highest percentage of lost messages of workers: those that are never heard are given up.
   */
  private static final int MOST_LOSS_PERCENT = 30;

  /** The most turns of a client in one talk without bytes, and the time from one to the next. */
  private static final int MOST_TURNS = 12;

  private static final long TURN_NANOS = 1_000;

  /** The greatest share of late messages, in percent, at which each portal is served. */
  private static final int MOST_DELAY_SERVED = 20;

  /** The turns of portals in a round: through a relay, and then to the leader in its place. */
  private static final int RELAYED_TURNS = 4;

  /** The polls of a worker in a round. */
  private static final int PARTS = 3;

  private static final int DOWNLOADS = 64;
  private static final long NEVER_NANOS = Long.MAX_VALUE / 2;

  private static final String FLEET = "world";
  private static final RouteBook NO_ROUTES =
      RouteBook.of(
          new RoutesDocument(
              Lineage.of(0), PortalAssignmentId.of(0), Optional.empty(), List.of(), List.of()));

  private final WorldSettings settings;
  private final Chance chance;
  private final LongSupplier stopwatch;
  private final TreeMap<WorkerId, ClientWorker> workers = new TreeMap<>();
  private final Map<WorkerId, ClientWorker> byId = new HashMap<>();
  private final List<ClientPortal> portals = new ArrayList<>();
  private final RoundTasks tasks;
  private final FaultyWire wire;
  private final FaultyWire workersWire;
  private final ClientConfig workerConfig;
  private final WorldFindings findings = new WorldFindings();
  private final SightOracle sight = new SightOracle(findings);
  private final TellingOracle told = new TellingOracle(findings);
  private final MassDeletionOracle mass = new MassDeletionOracle(findings);
  private final BytesOracle bytes;

  private final long roundNanos;
  private final Bandwidth links;
  private final UnaryOperator<ContentQueue> order;
  private final Set<ChunkKey> removed = new HashSet<>();

  private final CycleAudit audit;
  private Stowage fleet;
  private Courier courier;
  private long rounds;

  private LedTransfers led;
  private ClientDoor door;

  /** The door without transfers: workers fetch what their slices name. */
  private ClientDoor fillingDoor;

  /** The published assignment; {@code kept} is what its deltas lead to. */
  private @Nullable PortalAssignment published;

  private RouteBook kept = NO_ROUTES;

  /** The ticks at which assignments of the present lineage were no longer the newest. */
  private final Map<PortalAssignmentId, Long> replaced = new HashMap<>();

  private @Nullable LongFunction<PressureSnapshot> samples;
  private CycleWatcher watcher = (before, after, answer) -> {};
  private long tick;

  /** The nanoseconds that have passed for the clients of workers in this round. */
  private long clients;

  private long vanishedBytes;
  private boolean isInstant;
  private boolean isCalm;
  private boolean isHealed;
  private boolean isToldToPortals;
  private long disksMade;
  private int lastResorts;

  /**
   * A world without workers at tick 0.
   *
   * @param fleet what it surrounds; leads its store already
   * @param settings how it is made
   * @param chance where all its chance comes from
   * @param stopwatch nanoseconds from anywhere, for measuring only; nothing is decided by it
   */
  public World(Stowage fleet, WorldSettings settings, Chance chance, LongSupplier stopwatch) {
    this(fleet, settings, chance, stopwatch, Runnable::run, UnaryOperator.identity());
  }

  /** Hears of each scheduling cycle: the state before and after it, and its answer. */
  @FunctionalInterface
  public interface CycleWatcher {
    /** Called after each scheduling cycle, with the state before and after it. */
    void scheduled(LifecycleView before, LifecycleView after, Result.Scheduled answer);
  }

  /**
   * Creates a world with audits that run beside it.
   *
   * @param auditor runs the audits one by one; the world waits for each before it begins the next
   *     but one
   * @param order makes the queue of transfers from the usual one
   */
  public World(
      Stowage fleet,
      WorldSettings settings,
      Chance chance,
      LongSupplier stopwatch,
      Executor auditor,
      UnaryOperator<ContentQueue> order) {
    this.fleet = Objects.requireNonNull(fleet, "fleet");
    this.settings = Objects.requireNonNull(settings, "settings");
    this.chance = Objects.requireNonNull(chance, "chance");
    this.stopwatch = Objects.requireNonNull(stopwatch, "stopwatch");
    bytes = new BytesOracle(findings, settings.faults().isOfBytes() ? 0 : settings.floor());
    findings.checked(BytesOracle.FLOORS, 0);
    tasks = new RoundTasks(settings.threads());
    links = new Bandwidth(settings.roundTicks(), byId);
    this.order = Objects.requireNonNull(order, "order");
    audit = new CycleAudit(() -> this.fleet.ask(Audit.STATE), findings, stopwatch, auditor);
    courier = courier();
    roundNanos = fleet.time().nanosAt(Tick.of(settings.roundTicks()));
    lead();
    wire = wire(settings.faults());
    workersWire = wire(settings.faults().losingAtMost(MOST_LOSS_PERCENT));
    ClientConfig config = portalConfig(roundNanos);
    workerConfig = workerConfig(roundNanos);
    for (int i = 1; i <= settings.portals(); i++) {
      portals.add(new ClientPortal(FLEET, PortalId.of("portal-" + i), config, bytes));
    }
  }

  /** Returns the configuration of portals that ask in each round, and again after a lost answer. */
  private static ClientConfig portalConfig(long roundNanos) {
    return ClientConfig.DEFAULT
        .withPoll(roundNanos)
        .withHold(0)
        .withTimeout(roundNanos)
        .withRetries(1, 1);
  }

  /** Returns the configuration of workers that poll and report in each part of a round. */
  private static ClientConfig workerConfig(long roundNanos) {
    long pause = roundNanos / PARTS / 2;
    return ClientConfig.DEFAULT
        .withPoll(pause)
        .withHold(0)
        .withReports(pause, pause)
        .withTimeout(TURN_NANOS)
        .withRetries(1, 1)
        .withDownloads(DOWNLOADS, NEVER_NANOS, 1, 1);
  }

  private FaultyWire wire(WorldFaults faults) {
    Chance drawn = chance.split();
    FaultyWire made =
        new FaultyWire(
            drawn::below,
            faults,
            (asked, way) ->
                way < 0
                    ? portals.get(-1 - way).client().answer(asked, nowNanos())
                    : (isInstant ? fillingDoor : door).answer(asked, nowNanos()));
    if (!faults.isOfWires()) {
      made.heal();
    }
    return made;
  }

  private Courier courier() {
    Courier fresh =
        new Courier(fleet, chance.split(), settings.faults().loss(), settings.parts().fanOut());
    workers.keySet().forEach(worker -> fresh.serves(worker, nowNanos()));
    return fresh;
  }

  private void lead() {
    Duration pace = Duration.ofNanos(roundNanos);
    led = new LedTransfers(fleet, this::nowNanos, pace, links::seconds, order);
    door = ClientDoor.of(fleet, FLEET).transferring(led.service(), led.transfers());
    fillingDoor = ClientDoor.of(fleet, FLEET);
  }

  /** Makes another facade lead; workers and portals talk to it from now on. */
  public void ledBy(Stowage other) {
    fleet = Objects.requireNonNull(other, "other");
    courier = courier();
    lead();
    if (isToldToPortals) {
      portals.stream().filter(ClientPortal::isUp).forEach(this::serve);
      formTree();
    }
  }

  /** Returns the present time of the host, in nanoseconds. */
  public long nowNanos() {
    return fleet.time().nanosAt(Tick.of(tick));
  }

  /** Tells a watcher of all bytes that come to workers from now on. */
  public void watch(Bandwidth.Arrivals arrivals) {
    links.watch(arrivals);
  }

  /** Tells a watcher of all scheduling cycles from now on. */
  public void watchCycles(CycleWatcher other) {
    watcher = other;
  }

  /**
   * Observes the pressure on the machines, which {@code drawn} gives by host time, in each round:
   * plans and transfers go by it.
   */
  public void observing(LongFunction<PressureSnapshot> drawn) {
    samples = drawn;
  }

  /** Lets a worker join with an empty disk of its capacity. */
  public void join(Worker worker) {
    ClientWorker joined = new ClientWorker(FLEET, worker, anotherDisk(), workerConfig);
    workers.put(worker.id(), joined);
    byId.put(worker.id(), joined);
    describe(worker);
    courier.serves(worker.id(), nowNanos());
    start(joined);
  }

  /** Reports whether a worker has joined and runs. */
  public boolean isUp(WorkerId worker) {
    ClientWorker known = byId.get(worker);
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
    ClientWorker back = known(worker);
    back.disk().entries().forEach(bytes::vanished);
    vanishedBytes += back.disk().usedBytes() + back.disk().partBytes();
    back.loseDisk(anotherDisk());
    start(back);
  }

  /** Describes a worker anew, such as with another capacity; its disk stays unchanged. */
  public void describe(Worker worker) {
    Result answer = fleet.execute(Command.Describe.of(worker), nowNanos());
    if (!answer.isAccepted()) {
      throw new IllegalStateException(worker.id() + " is refused: " + answer);
    }
    known(worker.id()).describe(worker);
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
    return workers.values().stream().filter(ClientWorker::isUp).map(SimulatedWorker::id).toList();
  }

  /**
   * Sets whether bytes come at once instead of over the links, as in a fleet that begins filled.
   */
  public void bringAtOnce(boolean atOnce) {
    isInstant = atOnce;
  }

  /** Sets whether disks and portals are spared, as while a fleet is filled for the first time. */
  public void calm(boolean calm) {
    isCalm = calm;
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
    for (ClientWorker worker : workers.values()) {
      held += worker.disk().usedBytes() + worker.disk().partBytes();
    }
    return held;
  }

  /** Ends all faults: messages arrive at once and unchanged, and disks keep what they hold. */
  public void heal() {
    isHealed = true;
    up().forEach(ClientWorker::noticeLosses);
    wire.heal();
    workersWire.heal();
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
    clients = 0;
    rounds++;
    disksFail();
    portalsFail();
    observe();
    long vanished = vanishedBytes;
    vanishedBytes = 0;
    deliver(nowNanos());
    turnPortals();
    Cycles<Result.Scheduled> schedules =
        cycles(new LeaderCommand.Schedule(), fleet::schedule, Result.Scheduled::more);
    planned.run();
    lastResorts = schedules.answers().stream().mapToInt(each -> each.movement().lastResort()).sum();
    tellWorkers();
    links.begin(isInstant);
    long before = links.movedBytes();
    if (!isInstant) {
      led.follow();
    }
    long freed = 0;
    for (int part = 0; part < PARTS; part++) {
      clients = Math.max(clients, part * roundNanos / PARTS);
      freed += talk(inTurn(), true);
    }
    long moved = links.movedBytes() - before;
    judgeObedience();
    Cycles<Result.Published> publications =
        cycles(LeaderCommand.Publish.now(), fleet::publish, Result.Published::more);
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

  /** Lets the disks of running workers fill up, lose chunks, or be replaced, as it is drawn. */
  private void disksFail() {
    WorldFaults faults = settings.faults();
    if (isSpared() || faults.lie() + faults.full() + faults.diskLoss() == 0) {
      workers.values().forEach(worker -> worker.full(false));
      return;
    }
    for (ClientWorker worker : up()) {
      worker.noticeLosses();
      worker.full(chance.happens(faults.full()));
      SliceEntry lost = chance.happens(faults.lie()) ? worker.loseUnnoticed(chance) : null;
      if (lost != null) {
        bytes.vanished(lost);
        vanishedBytes += lost.sizeBytes();
      }
      if (chance.happens(faults.diskLoss())) {
        worker.stop();
        comeBackEmpty(worker.id());
      }
    }
  }

  private boolean isSpared() {
    return isHealed || isInstant || isCalm;
  }

  /**
   * Lets portals die, as it is drawn; those that died are missed, and then come back without
   * routes.
   */
  private void portalsFail() {
    if (!isToldToPortals && settings.parts().isOfPortals()) {
      tellPortals();
    }
    for (ClientPortal portal : portals) {
      if (portal.noticeMissing()) {
        courier.leaves(portal.id());
      } else if (portal.noticeReturn()) {
        serve(portal);
      } else if (portal.isUp()
          && !isSpared()
          && settings.faults().portalLoss() > 0
          && chance.happens(settings.faults().portalLoss())) {
        portal.die();
      }
    }
    if (isToldToPortals) {
      formTree();
    }
  }

  /** Draws the interests of portals, once there are chunks, and begins to tell portals of news. */
  private void tellPortals() {
    LifecycleView books = fleet.ask(Audit.STATE);
    TreeSet<DatasetId> all = new TreeSet<>();
    books.forEachChunk(chunk -> all.add(books.chunkKey(chunk).dataset()));
    if (all.isEmpty()) {
      return;
    }
    isToldToPortals = true;
    List<DatasetId> datasets = List.copyOf(all);
    for (ClientPortal portal : portals.subList(0, settings.parts().interests())) {
      Set<DatasetId> drawn = new TreeSet<>(all);
      drawn.removeIf(each -> chance.happens(50));
      drawn.add(datasets.get(chance.below(datasets.size())));
      portal.follow(drawn);
    }
    portals.forEach(this::serve);
  }

  private void serve(ClientPortal portal) {
    if (isToldToPortals) {
      courier.serves(portal.id(), portal.interests(), nowNanos());
    }
  }

  /** Puts each portal behind the one that propagation names. */
  private void formTree() {
    for (ClientPortal portal : portals) {
      Optional<ClientPortal> relay = courier.relay(portal.id()).map(this::known);
      portal.behind(relay, -1 - portals.indexOf(relay.orElse(portal)));
    }
  }

  private ClientPortal known(PortalId id) {
    return portals.stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
  }

  private void observe() {
    LongFunction<PressureSnapshot> drawn = samples;
    if (drawn != null) {
      PressureSnapshot sample = drawn.apply(nowNanos());
      led.observe(sample);
      fleet.observe(sample, nowNanos());
    }
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
      LifecycleView before = audit.before();
      long begun = stopwatch.getAsLong();
      answer = cycle.apply(nowNanos());
      long nanos = stopwatch.getAsLong() - begun;
      LifecycleView after = audit.after(command, answer);
      if (answer instanceof Result.Scheduled scheduled) {
        watcher.scheduled(before, after, scheduled);
      }
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
    RoutesDocument newest = fleet.fleet().portalAssignment().full();
    told.whole("who follows the deltas", led, newest);
    sight.published(newest.put());
    bytes.whole(newest.put(), this::hasBytes, mayMiss(led));
    long now = nowNanos();
    watched(portal -> {
      RouteBook used = portal.client().routes();
      portal.told.whole(portal.name(), used, newest.of(portal.interests()));
      portal.sight.whole(portal.name(), used);
      if (portal.client().isServing(now)) {
        portal.bytes.whole(used.routes(), this::hasBytes, mayMiss(used));
      }
    });
    workers.values().forEach(ClientWorker::judgeAgain);
    judgeObedience();
  }

  /** Returns the first hundred findings of the oracles; empty if there are none. */
  public List<String> violations() {
    audit.settle();
    List<String> all = new ArrayList<>(findings.violations());
    if (settings.faults().delay() <= MOST_DELAY_SERVED) {
      portals.forEach(portal -> portal.unserved().ifPresent(all::add));
    }
    return all;
  }

  /** Returns the number of facts that each oracle checked. */
  public SortedMap<String, Long> checks() {
    audit.settle();
    return findings.checks();
  }

  /** Routes that led to bytes that had just vanished with their disk. */
  public long measuredMisses() {
    return findings.measuredMisses();
  }

  private void deliver(long now) {
    for (Message each : courier.arriving(now)) {
      if (each instanceof Message.Slice news) {
        ClientWorker worker = workers.get(news.worker());
        if (worker != null && worker.isUp()) {
          worker.client().hear(news.document());
        }
      } else if (each.recipient() instanceof Recipient.OfPortal portal) {
        known(PortalId.of(portal.name())).client().refresh();
      }
    }
  }

  /** Lets portals ask and hear; at most a message for each is on the wire when a turn ends. */
  private void turnPortals() {
    int delay = settings.faults().delay();
    fleet.renew();
    turnEach();
    for (int turn = 1; turn < (settings.parts().fanOut() == 0 ? 2 : RELAYED_TURNS); turn++) {
      int late = (int) portals.stream().filter(any -> chance.happens(delay)).count();
      while (wire.waiting() > late) {
        wire.deliver();
      }
      turnEach();
    }
    if (!isSpared()) {
      portals.forEach(portal -> portal.serves(nowNanos()));
    }
  }

  private void turnEach() {
    RouteBook newest = newestRoutes();
    Map<DatasetId, TellingOracle.Sum> sums = told.sumsOf(newest);
    long now = nowNanos();
    long window = fleet.fleet().portalWindowTicks();
    watched(portal -> turn(portal, now, window, newest, sums));
    portals.forEach(portal -> portal.empty(wire));
  }

  private void turn(
      ClientPortal portal,
      long now,
      long window,
      RouteBook newest,
      Map<DatasetId, TellingOracle.Sum> sums) {
    RouteBook before = portal.client().routes();
    portal.turn(now);
    RouteBook next = portal.client().routes();
    if (next != before) {
      portal.sight.moved(
          portal.name(),
          before,
          next,
          gone -> removed.contains(gone.key()) || SightOracle.covers(next, gone));
      portal.told.routes(portal.name(), before, next, newest, sums, portal.interests());
      portal.bytes.told(next, before, this::hasBytes, mayMiss(next));
    }
    Long since = replaced.get(next.id());
    if (since != null && portal.client().isServing(now)) {
      portal.told.replaced(portal.name(), next, tick - since, window);
    }
  }

  /** Runs a part for each portal, and then takes what its oracles found. */
  private void watched(Consumer<ClientPortal> part) {
    tasks.each(portals.size(), place -> part.accept(portals.get(place)));
    portals.forEach(portal -> findings.take(portal.findings));
  }

  private void tellWorkers() {
    courier.follow(nowNanos());
    deliver(nowNanos() + Courier.AFTER_A_CYCLE_NANOS);
  }

  /**
   * Lets workers ask, hear and download until none has more to say, and judges what they delete.
   * Bytes that are on the wire at the end arrive later.
   */
  private long talk(List<ClientWorker> all, boolean isLinked) {
    fleet.renew();
    deliverTo(0);
    RouteBook newest = newestRoutes();
    long freed = 0;
    List<ClientWorker> talking = all;
    for (int turn = 0; !talking.isEmpty() && turn < MOST_TURNS; turn++) {
      clients += TURN_NANOS;
      long now = nowNanos() + clients;
      List<ClientWorker> these = talking;
      tasks.each(these.size(), place -> these.get(place).turn(now));
      talking = new ArrayList<>();
      for (ClientWorker worker : these) {
        freed += judgeDeletions(worker, newest);
        worker.routed(newest.id().value());
        boolean isAsking = worker.outbox().empty(workersWire);
        List<SliceEntry> come = isLinked ? worker.download(links) : List.of();
        come.forEach(entry -> bytes.came(entry.number()));
        turn = come.isEmpty() ? turn : 0;
        if (worker.noticeTalk() || isAsking || !come.isEmpty()) {
          talking.add(worker);
        }
      }
      deliverTo(chance.happens(settings.faults().delay()) ? 1 : 0);
      led.deliver();
    }
    return freed;
  }

  private void deliverTo(int late) {
    while (workersWire.waiting() > late) {
      workersWire.deliver();
    }
  }

  private long judgeDeletions(ClientWorker worker, RouteBook newest) {
    List<SliceEntry> deleted = worker.takeDeleted();
    if (deleted.isEmpty()) {
      return 0;
    }
    long freed = 0;
    for (SliceEntry entry : deleted) {
      bytes.deletes(
          worker.id(),
          entry,
          newest.of(entry.key()),
          askers(entry, worker),
          () -> lastResorts-- > 0);
      freed += entry.sizeBytes();
    }
    mass.deletes(
        worker.id(),
        worker.deletion(deleted),
        deleted,
        () -> Optional.ofNullable(worker.outbox().lastAnswer()).flatMap(ClientDoor::sliceOf));
    return freed;
  }

  /** Judges the workers that obey the newest slice; of none twice for the same one. */
  private void judgeObedience() {
    FleetView view = fleet.fleet();
    List<ClientWorker> all = up();
    List<Optional<Obeyed>> judged =
        new ArrayList<>(Collections.nCopies(all.size(), Optional.empty()));
    tasks.each(all.size(), place -> judged.set(place, Obeyed.of(all.get(place), view)));
    judged.forEach(each -> each.ifPresent(it -> told.obeyed(it.worker, it.slice, it.isSo)));
  }

  /** Holds whether a worker does what its slice says. */
  private record Obeyed(WorkerId worker, WorkerSlice slice, boolean isSo) {
    static Optional<Obeyed> of(ClientWorker worker, FleetView view) {
      return worker
          .toBeJudged()
          .flatMap(assignment ->
              view.slice(worker.id()).filter(slice -> slice.id().value() == assignment))
          .map(slice -> new Obeyed(worker.id(), slice, TellingOracle.obeys(worker, slice)));
    }
  }

  private List<ClientWorker> up() {
    return workers.values().stream().filter(ClientWorker::isUp).toList();
  }

  /** Returns the portals that may ask a worker for bytes, by routes newer than its disk. */
  private List<PortalId> askers(SliceEntry entry, ClientWorker worker) {
    return portals.stream()
        .map(ClientPortal::client)
        .filter(
            each -> BytesOracle.mayAsk(each, entry.key(), entry.number(), worker.id(), nowNanos()))
        .filter(each -> worker.isPromised(each.routes().id().value()))
        .map(PortalClient::id)
        .toList();
  }

  /** Returns the running workers, each round from another, so that none is always first. */
  private List<ClientWorker> inTurn() {
    List<ClientWorker> all = new ArrayList<>(up());
    Collections.rotate(all, -(int) (rounds % Math.max(1, all.size())));
    return all;
  }

  /** Returns the routes to which the deltas of published assignments lead. */
  private RouteBook newestRoutes() {
    PortalAssignment newest = fleet.fleet().portalAssignment();
    PortalAssignment known = published;
    if (known != newest) {
      RouteBook before = kept;
      published = newest;
      if (!before.lineage().equals(newest.lineage())) {
        replaced.clear();
      } else if (!before.id().equals(newest.id())) {
        replaced.put(before.id(), tick);
      }
      try {
        RoutesDocument news =
            known != null && known.id().equals(before.id())
                ? newest.deltaSince(known)
                : newest.full();
        kept = before.after(news);
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
            .map(portal -> portal.client().routes())
            .filter(it -> !it.id().equals(newest.id()) || !it.lineage().equals(newest.lineage()))
            .count();
  }

  private boolean hasBytes(WorkerId worker, ChunkNumber number) {
    ClientWorker asked = byId.get(worker);
    return asked != null && asked.holds(number);
  }

  /** Returns a test for missing bytes: routes older than a worker's disk promise nothing. */
  private BiPredicate<WorkerId, ChunkNumber> mayMiss(RouteBook routes) {
    return (worker, number) -> {
      ClientWorker asked = byId.get(worker);
      return asked != null && (!asked.isPromised(routes.id().value()) || asked.mayMiss(number));
    };
  }

  private void start(ClientWorker worker) {
    worker.start();
    talk(List.of(worker), false);
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

  private ClientWorker known(WorkerId worker) {
    ClientWorker known = workers.get(worker);
    if (known == null) {
      throw new IllegalArgumentException("worker is " + worker + "; none of that name has joined");
    }
    return known;
  }
}
