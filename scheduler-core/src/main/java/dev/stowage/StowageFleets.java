package dev.stowage;

import dev.stowage.StowageService.Pace;
import dev.stowage.StowageService.State;
import dev.stowage.StowageService.Status;
import dev.stowage.columns.Mix;
import dev.stowage.deterministic.queues.OrderedQueue;
import dev.stowage.engine.BestEffort;
import dev.stowage.engine.LeaseKeeper;
import dev.stowage.engine.TurnOrder;
import dev.stowage.model.Tick;
import dev.stowage.store.Lease;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.FleetServer;
import dev.stowage.store.spi.FleetServer.Renewal;
import dev.stowage.store.spi.FleetStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs many fleets in one process: opens their stores, takes their turns on the host's executor,
 * and renews their leases. Fleets are added and removed while it runs. Thread-safe.
 *
 * <p>Each fleet has a facade and a {@link StowageService} of its own, whose turns are taken one
 * after the other as they fall due, with a bound on those under way on one server. A turn beyond
 * the deadline of its server gives its place to others, so a fleet or server that hangs holds up no
 * other fleet for longer; up to 64 turns hang on a server before no further one begins there. A
 * fleet that could not take a turn, or end one, for {@link Pace#longestTurn} is not renewed, so
 * that another process may lead it. A fleet in which nothing happens takes turns ever more rarely,
 * down to one per {@code idleEvery}; news and commands of this process wake it. Most of these turns
 * do not ask the store.
 *
 * <p>On each server one thread extends the leases of the fleets led here, and looks at those of
 * others, in transactions that the fleets share. A free lease is claimed the later, the more fleets
 * a process leads already, up to a quarter of a lease; nobody gives a lease back to spread them.
 *
 * <p>A fleet that cannot be opened is degraded, with the reason, and tried again.
 */
public final class StowageFleets implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StowageFleets.class);
  private static final int MOST_TIMERS = 1 << 20;
  private static final long LEAST_PAUSE_NANOS = 5_000_000;
  private static final long NONE = -1;
  private static final int LOOKS_PER_RENEWAL = 5;
  private static final int SPREADS_PER_LEASE = 4;
  private static final int MOST_FAREWELLS = 3;

  /** Separates two turns that ask the store while nothing happens: they audit and keep the time. */
  private static final long WHOLE_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Bounds the age of what other processes read, which shortens the validity of their routes. */
  private static final int WHOLE_TURNS_PER_WINDOW = 4;

  private static final long CLOSE_SECONDS = 30;

  private final Executor executor;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final Pace pace;
  private final long idleNanos;
  private final int turnsPerServer;
  private final BiFunction<String, Stowage.Builder, Stowage.Builder> facades;
  private final List<FleetWatch> watches;

  private final Map<String, Fleet> fleets = new ConcurrentSkipListMap<>();
  private final Map<String, Server> servers = new ConcurrentHashMap<>();
  private final Map<List<String>, String> owners = new ConcurrentHashMap<>();
  private final Queue<Runnable> arrivals = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Thread driver;
  private volatile boolean isClosed;

  // Guards the fields below, which belong to the step in progress.
  private final ReentrantLock stepping = new ReentrantLock();

  private final OrderedQueue<Timer> timers = OrderedQueue.ofCapacity(MOST_TIMERS);
  private final long startNanos;
  private long nowNanos;

  /**
   * A fleet that this process may lead.
   *
   * @param name names the fleet in this process
   * @param server the server that has it
   * @param fleet its name there, such as a schema
   */
  public record Listing(String name, FleetServer server, String fleet) {
    /** Throws {@link NullPointerException} if a component is null. */
    public Listing {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(server, "server");
      Objects.requireNonNull(fleet, "fleet");
    }
  }

  /** The condition of a fleet; {@code status} is that of its service, or says why it has none. */
  public record FleetStatus(Listing listing, Status status) {}

  private record Timer(Fleet fleet, boolean isDeadline) {}

  private record Opened(
      FleetStore store, Stowage stowage, StowageService service, AutoCloseable news) {}

  /** A server with its thread for leases. */
  private final class Server {
    private final FleetServer shared;
    private final Map<String, Fleet> listed = new ConcurrentSkipListMap<>();
    private @Nullable ScheduledExecutorService thread;
    private volatile boolean isHeldUp;
    private volatile @Nullable Away away;

    // Belongs to the step.
    private final TurnOrder<Fleet> order = new TurnOrder<>(turnsPerServer);

    Server(FleetServer shared) {
      this.shared = shared;
    }

    void start() {
      if (thread == null) {
        ScheduledExecutorService begun =
            Executors.newSingleThreadScheduledExecutor(work -> {
              Thread made = new Thread(work, "stowage-leases-" + shared.name());
              made.setDaemon(true);
              return made;
            });
        long every = Math.max(1, nanos(pace.renewEvery()) / LOOKS_PER_RENEWAL);
        ScheduledFuture<?> unused =
            begun.scheduleWithFixedDelay(
                () -> BestEffort.run(() -> look(this)), 0, every, TimeUnit.NANOSECONDS);
        thread = begun;
      }
    }

    void stop() {
      if (thread != null) {
        thread.shutdownNow();
      }
    }

    @Override
    public String toString() {
      return "server " + shared.name();
    }
  }

  private record Away(long untilNanos, StorageException.Transient why) {}

  private final class Fleet implements StowageService.Host {
    private final Listing listing;
    private final Server server;
    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
    private volatile boolean isRemoved;
    private volatile @Nullable Opened opened;
    private volatile Status unopened;
    private volatile boolean mayClaim;
    private volatile Optional<Lease> others = Optional.empty();

    // The begin of the turn under way, or else the time at which the next one is or was due.
    private volatile long owedNanos = NONE;
    private volatile boolean isLate;

    // What the executor threw instead of the last turn.
    private volatile @Nullable Throwable refusal;

    // Whether anything came since the last turn that asked the store.
    private volatile boolean isAsked = true;

    // When the server last told that no news waits; when a turn last asked the store.
    private volatile long emptyNanos = NONE;
    private volatile long wholeNanos = NONE;

    // Belong to the thread of the leases.
    private long freeSinceNanos = NONE;
    private long renewedNanos = NONE;

    // Belong to the step.
    private long dueNanos;
    private long due = NONE;
    private long deadline = NONE;
    private long turnNanos;
    private long pauseNanos = nanos(pace.turnEvery());
    private long endedNanos;
    private boolean isTurn;

    // The times that the removed fleet could not leave.
    private int farewells;

    Fleet(Listing listing, Server server) {
      this.listing = listing;
      this.server = server;
      unopened = notOpen(State.STARTING, "waits for its first turn", 0, Optional.empty());
    }

    @Override
    public void wake(long afterNanos) {
      arrive(() -> dueAfter(this, Math.max(afterNanos, LEAST_PAUSE_NANOS)));
    }

    @Override
    public Optional<String> waits() {
      return mayClaim
          ? Optional.empty()
          : Optional.of(others.map(Lease::inWords).orElse("waits for a free lease"));
    }

    /** Reports whether no turn could begin or end for {@code longestTurn}. */
    boolean hangs() {
      long owed = owedNanos;
      return owed != NONE && ticker.getAsLong() - startNanos - owed > nanos(pace.longestTurn());
    }

    @Override
    public Optional<String> hinders() {
      String why = hindrance();
      if (hangs()) {
        why = why.isEmpty() ? "no turn of it began" : why;
        why += "; for longestTurn, so its lease is not renewed here: another process may lead";
      }
      return Optional.of(why).filter(it -> !it.isEmpty());
    }

    private String hindrance() {
      Throwable refused = refusal;
      if (isLate) {
        Duration deadline = server.shared.deadline();
        return "its turn has run longer than the deadline of " + server + ", " + deadline;
      }
      if (refused != null) {
        return "the executor took no turn of it: " + BestEffort.textOf(refused);
      }
      int most = TurnOrder.MOST_THREADS;
      return server.isHeldUp
          ? "no turn begins on " + server + ": late ones hold its " + most + " threads"
          : "";
    }

    boolean isLeading() {
      Opened now = opened;
      return now != null && now.stowage().isLeading();
    }

    /** Asks for a turn because of news or a command; only a leader has anything to do then. */
    void hint() {
      if (isLeading()) {
        turnSoon();
      }
    }

    void turnSoon() {
      isAsked = true;
      arrive(() -> turnNow(this));
    }
  }

  private StowageFleets(Builder builder) {
    executor = builder.executor;
    clock = builder.clock;
    ticker = builder.ticker;
    pace = builder.pace;
    idleNanos = nanos(builder.idleEvery);
    turnsPerServer = builder.turnsPerServer;
    facades = builder.facades;
    watches = List.copyOf(builder.watches);
    startNanos = ticker.getAsLong();
  }

  /**
   * Returns a builder. Turns run on {@code executor}, which stays the host's and has up to 64
   * threads for each server: late turns keep theirs. {@code clock} is that of every facade.
   */
  public static Builder builder(Executor executor, InstantSource clock) {
    return new Builder(executor, clock);
  }

  private static long nanos(Duration pause) {
    try {
      return pause.toNanos();
    } catch (ArithmeticException beyond) {
      return Long.MAX_VALUE;
    }
  }

  /** Starts the turns and the threads for leases; idempotent. */
  public synchronized void start() {
    requireOpen();
    if (driver == null) {
      Thread thread = new Thread(this::drive, "stowage-fleets");
      thread.setDaemon(true);
      driver = thread;
      thread.start();
      servers.values().forEach(Server::start);
    }
  }

  private void drive() {
    while (!isClosed) {
      try {
        long pause = step();
        if (pause > 0) {
          LockSupport.parkNanos(this, pause);
        }
      } catch (RuntimeException | Error e) {
        BestEffort.run(() -> LOG.error("a step of the fleets threw; the next one goes on", e));
        LockSupport.parkNanos(this, LEAST_PAUSE_NANOS);
      }
    }
  }

  /**
   * Adds a fleet, whose store is opened by its first turn. A fleet of the server that is listed
   * under another name already stays degraded until that one is removed.
   *
   * @throws IllegalArgumentException if the name is taken, or another server has the server's name
   */
  public synchronized void add(Listing listing) {
    Objects.requireNonNull(listing, "listing");
    requireOpen();
    if (fleets.containsKey(listing.name())) {
      throw new IllegalArgumentException(
          "fleet '" + listing.name() + "' is listed already; remove it first, or name it anew");
    }
    Server server = serverOf(listing.server());
    Fleet fleet = new Fleet(listing, server);
    server.listed.put(listing.name(), fleet);
    fleets.put(listing.name(), fleet);
    if (driver != null) {
      server.start();
    }
    fleet.turnSoon();
  }

  @SuppressWarnings("ReferenceEquality")
  private Server serverOf(FleetServer shared) {
    Server known = servers.get(shared.name());
    if (known == null) {
      known = new Server(shared);
      servers.put(shared.name(), known);
    } else if (known.shared != shared) {
      throw new IllegalArgumentException(
          "another server is named '" + shared.name() + "'; pass that one, or name this one anew");
    }
    return known;
  }

  /**
   * Removes a fleet: takes no further turn of it, gives its lease back and closes its store. The
   * stage ends then; it fails if the lease could not be given back in three tries and so runs out,
   * or if the fleets are closed before. Throws {@link IllegalArgumentException} for an unknown
   * name.
   */
  public CompletionStage<@Nullable Void> remove(String name) {
    return remove(named(name)).minimalCompletionStage();
  }

  private static CompletableFuture<@Nullable Void> remove(Fleet fleet) {
    fleet.isRemoved = true;
    fleet.turnSoon();
    return fleet.gone;
  }

  private Fleet named(String name) {
    Fleet fleet = fleets.get(Objects.requireNonNull(name, "name"));
    if (fleet == null) {
      throw new IllegalArgumentException("fleet '" + name + "' is not listed; add it first");
    }
    return fleet;
  }

  private void requireOpen() {
    if (isClosed) {
      throw closed();
    }
  }

  private static StowageException closed() {
    return new StowageException(StowageException.Reason.CLOSED, "the fleets were closed");
  }

  /** Returns the facade of a listed fleet; empty before it is opened. */
  public Optional<Stowage> stowage(String name) {
    return Optional.ofNullable(named(name).opened).map(Opened::stowage);
  }

  /** Returns the status of each listed fleet, by name. Never waits. */
  public List<FleetStatus> statuses() {
    return fleets.values().stream()
        .map(fleet -> new FleetStatus(fleet.listing, status(fleet)))
        .toList();
  }

  /** Returns the status of a listed fleet. Never waits. */
  public Status status(String name) {
    return status(named(name));
  }

  private Status status(Fleet fleet) {
    Opened opened = fleet.opened;
    Status own = opened == null ? fleet.unopened : opened.service().status();
    Optional<String> hindered = fleet.hinders();
    if (hindered.isPresent()) {
      return own.entered(State.DEGRADED, hindered.get(), own.sinceNanos());
    }
    return own.state() == State.STANDBY
        ? fleet
            .others
            .map(lease -> own.entered(State.STANDBY, lease.inWords(), own.sinceNanos()))
            .orElse(own)
        : own;
  }

  private static Status notOpen(State state, String why, long failed, Optional<Throwable> failure) {
    return new Status(state, why, 0, failed, failed, failure);
  }

  // ---- the steps of the driver ----

  private void arrive(Runnable event) {
    arrivals.add(event);
    LockSupport.unpark(driver);
  }

  /** Takes what arrived and fell due, begins turns, and returns the nanoseconds to the next one. */
  long step() {
    stepping.lock();
    try {
      nowNanos = ticker.getAsLong() - startNanos;
      for (Runnable event = arrivals.poll(); event != null; event = arrivals.poll()) {
        event.run();
      }
      while (timers.firstTimestamp().orElse(Long.MAX_VALUE) <= nowNanos) {
        fall(Objects.requireNonNull(timers.poll()));
      }
      return arrivals.isEmpty()
          ? Math.max(0, timers.firstTimestamp().orElse(Long.MAX_VALUE) - nowNanos)
          : 0;
    } finally {
      stepping.unlock();
    }
  }

  private void fall(Timer timer) {
    Fleet fleet = timer.fleet();
    if (timer.isDeadline()) {
      fleet.deadline = NONE;
      fleet.isLate = true;
      fleet.server.order.late(fleet);
      BestEffort.run(() -> LOG.warn("fleet {}: {}", fleet.listing.name(), status(fleet).reason()));
    } else {
      fleet.due = NONE;
      fleet.server.order.due(fleet);
    }
    begin(fleet.server);
  }

  private void turnNow(Fleet fleet) {
    long soonest =
        fleet.isRemoved || fleet.mayClaim
            ? nowNanos
            : Math.max(nowNanos, fleet.endedNanos + nanos(pace.turnEvery()));
    fleet.turnNanos = Math.min(fleet.turnNanos, soonest);
    dueAfter(fleet, fleet.turnNanos - nowNanos);
  }

  private void dueAfter(Fleet fleet, long pause) {
    long at = pause > Long.MAX_VALUE - nowNanos ? Long.MAX_VALUE : nowNanos + Math.max(0, pause);
    if (at != Long.MAX_VALUE) {
      fleet.owedNanos = fleet.owedNanos == NONE ? at : Math.min(fleet.owedNanos, at);
    }
    if (at == Long.MAX_VALUE || (fleet.due != NONE && fleet.dueNanos <= at)) {
      return;
    }
    if (fleet.due != NONE) {
      timers.remove(fleet.due);
    }
    fleet.dueNanos = at;
    fleet.due = timers.offer(at, 0, new Timer(fleet, false));
  }

  private void begin(Server server) {
    server.order.begin().forEach(this::begin);
    server.isHeldUp = server.order.isHeldUp();
  }

  private void begin(Fleet fleet) {
    fleet.isTurn = fleet.opened == null || nowNanos >= fleet.turnNanos;
    fleet.deadline =
        timers.offer(nowNanos + nanos(fleet.server.shared.deadline()), 0, new Timer(fleet, true));
    boolean isTurn = fleet.isTurn;
    Throwable refusal = BestEffort.offer(executor, () -> run(fleet, isTurn)).orElse(null);
    if (refusal != null && fleet.refusal == null) {
      BestEffort.run(
          () -> LOG.warn("fleet {}: the executor took no turn", fleet.listing.name(), refusal));
    }
    fleet.refusal = refusal;
    if (refusal == null) {
      fleet.owedNanos = nowNanos;
    } else if (fleet.isRemoved && ++fleet.farewells >= MOST_FAREWELLS) {
      // It would not leave otherwise, and without an executor no turn of another one waits.
      run(fleet, true);
    } else {
      fleet.mayClaim = false;
      arrive(() -> goOn(fleet, true));
    }
  }

  private void ended(Fleet fleet, boolean isFailed) {
    fleet.owedNanos = fleet.due == NONE ? NONE : fleet.dueNanos;
    goOn(fleet, isFailed);
  }

  private void goOn(Fleet fleet, boolean isFailed) {
    if (fleet.deadline != NONE) {
      timers.remove(fleet.deadline);
      fleet.deadline = NONE;
    }
    fleet.isLate = false;
    fleet.endedNanos = nowNanos;
    // A fleet that is gone begins no more, although it fell due during its last turn.
    boolean isGone = fleet.gone.isDone();
    fleet.server.order.ended(fleet, isFailed || isGone);
    begin(fleet.server);
    if (isGone) {
      forget(fleet);
    } else if (fleet.isRemoved) {
      fleet.turnNanos = nowNanos + (isFailed ? nanos(pace.turnEvery()) : 0);
      dueAfter(fleet, fleet.turnNanos - nowNanos);
    } else {
      rest(fleet);
    }
  }

  private void rest(Fleet fleet) {
    Opened opened = fleet.opened;
    if (opened == null) {
      fleet.turnNanos = nowNanos + nanos(pace.renewEvery());
      dueAfter(fleet, nanos(pace.renewEvery()));
      return;
    }
    StowageService service = opened.service();
    State state = service.status().state();
    if (state == State.STOPPED) {
      return;
    }
    if (fleet.isTurn) {
      boolean isIdle = state == State.LEADING && !service.isBusy();
      long turnEvery = nanos(pace.turnEvery());
      fleet.pauseNanos =
          isIdle ? Math.max(turnEvery, Math.min(idleNanos, 2 * fleet.pauseNanos)) : turnEvery;
      // The look at the leases wakes a fleet that is not led here.
      fleet.turnNanos =
          fleet.isLeading() ? nowNanos + (service.isMore() ? 0 : fleet.pauseNanos) : Long.MAX_VALUE;
    }
    dueAfter(
        fleet, fleet.turnNanos == Long.MAX_VALUE ? Long.MAX_VALUE : fleet.turnNanos - nowNanos);
    dueAfter(fleet, Math.max(service.dueAfterNanos(), LEAST_PAUSE_NANOS));
  }

  private void forget(Fleet fleet) {
    if (fleet.due != NONE) {
      timers.remove(fleet.due);
    }
    fleet.server.order.withdraw(fleet);
    synchronized (this) {
      fleets.remove(fleet.listing.name());
      fleet.server.listed.remove(fleet.listing.name());
      if (fleet.server.listed.isEmpty()) {
        servers.remove(fleet.server.shared.name());
        fleet.server.stop();
      }
    }
  }

  // ---- a turn, on the host's executor ----

  private void run(Fleet fleet, boolean isTurn) {
    boolean isFailed = false;
    try {
      Opened opened = fleet.opened;
      if (fleet.isRemoved) {
        leave(fleet, opened);
      } else if (opened == null) {
        open(fleet);
      } else if (isTurn && !isIdleTurn(fleet, opened)) {
        long before = opened.service().status().failedTurns();
        opened.service().turn();
        isFailed = opened.service().status().failedTurns() > before;
      } else if (!isTurn) {
        opened.service().deliver();
      }
    } catch (Throwable e) {
      isFailed = true;
      heard(fleet, e);
    } finally {
      fleet.mayClaim = false;
      boolean failed = isFailed;
      arrive(() -> ended(fleet, failed));
    }
  }

  /**
   * Takes a turn without the store, if one would do nothing there; otherwise notes that a whole one
   * begins, and returns false.
   *
   * <p>Correct because a leader's state in memory is that of the store as long as its lease is
   * held, and lacks only news that waits. The renewals that fleets share tell a leader that it was
   * deposed, or that its server fell back. News is told by a notification, which may be lost: so
   * the server must have told lately, for all fleets at once, that none waits. What comes between
   * that answer and this turn is seen by the next answer. Time passes in memory, and the turn that
   * would change anything is taken whole, by the store's own clock.
   */
  private boolean isIdleTurn(Fleet fleet, Opened opened) {
    long now = ticker.getAsLong() - startNanos;
    boolean isKnown =
        fleet.isLeading()
            && !fleet.isAsked
            && isWithin(nanos(pace.renewEvery()) * 2, fleet.emptyNanos, now)
            && isWithin(wholeEveryNanos(opened), fleet.wholeNanos, now);
    if (isKnown && opened.service().idleTurn()) {
      return true;
    }
    // Before the turn: what comes during it asks for another one.
    fleet.isAsked = false;
    fleet.wholeNanos = now;
    return false;
  }

  /** Returns a minute, or less so that routes read from the store stay valid for most of it. */
  private static long wholeEveryNanos(Opened opened) {
    Stowage stowage = opened.stowage();
    long window = stowage.time().nanosAt(Tick.of(stowage.fleet().portalWindowTicks()));
    return Math.min(WHOLE_EVERY_NANOS, window / WHOLE_TURNS_PER_WINDOW);
  }

  private static boolean isWithin(long bound, long since, long now) {
    return since != NONE && now - since < bound;
  }

  private void heard(Fleet fleet, Throwable failure) {
    if (fleet.opened == null) {
      Status before = fleet.unopened;
      String reason = "it could not be opened: " + BestEffort.textOf(failure);
      fleet.unopened =
          notOpen(State.DEGRADED, reason, before.failedTurns() + 1, Optional.of(failure));
      if (!reason.equals(before.reason())) {
        BestEffort.run(() -> LOG.warn("fleet {}: {}", fleet.listing.name(), reason));
      }
    }
  }

  private static List<String> key(Fleet fleet) {
    return List.of(fleet.listing.server().name(), fleet.listing.fleet());
  }

  private void open(Fleet fleet) {
    Away away = fleet.server.away;
    if (away != null && ticker.getAsLong() - startNanos < away.untilNanos()) {
      throw away.why();
    }
    String name = fleet.listing.name();
    String owner = owners.putIfAbsent(key(fleet), name);
    if (owner != null && !owner.equals(name)) {
      throw new IllegalStateException(
          "fleet '"
              + owner
              + "' is listed with "
              + fleet.listing.fleet()
              + " of server "
              + fleet.listing.server().name()
              + " too; remove one of both");
    }
    FleetStore store;
    try {
      store = fleet.server.shared.open(fleet.listing.fleet());
    } catch (StorageException.Transient e) {
      // Others on this server need not wait as long for the same answer.
      fleet.server.away = new Away(ticker.getAsLong() - startNanos + nanos(pace.renewEvery()), e);
      throw e;
    }
    Opened begun = null;
    try {
      Stowage stowage = facades.apply(name, Stowage.builder(store).clock(clock)).build();
      StowageService service = new StowageService(stowage, fleet, stowage::now, pace);
      begun = new Opened(store, stowage, service, store.inbox().onNews(fleet::hint));
      stowage.engine().onWork(fleet::hint);
      for (FleetWatch watch : watches) {
        watch.opened(name, stowage, service);
      }
      fleet.opened = begun;
    } finally {
      if (fleet.opened == null) {
        if (begun != null) {
          BestEffort.run(begun.service()::close);
          BestEffort.run(begun.stowage()::close);
        }
        store.close();
      }
    }
  }

  private void leave(Fleet fleet, @Nullable Opened opened) {
    Throwable failure = null;
    if (opened != null) {
      opened.service().close();
      try {
        opened.stowage().resign();
      } catch (RuntimeException | Error e) {
        if (++fleet.farewells < MOST_FAREWELLS) {
          throw e;
        }
        failure = e;
      }
      BestEffort.run(opened.stowage()::close);
      BestEffort.run(() -> unsubscribe(opened));
      BestEffort.run(opened.store()::close);
      fleet.opened = null;
      watches.forEach(watch -> BestEffort.run(() -> watch.closed(fleet.listing.name())));
    }
    owners.remove(key(fleet), fleet.listing.name());
    fleet.unopened = notOpen(State.STOPPED, "removed", 0, Optional.empty());
    if (failure == null) {
      fleet.gone.complete(null);
    } else {
      fleet.gone.completeExceptionally(failure);
    }
  }

  private static void unsubscribe(Opened opened) {
    try {
      opened.news().close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- leases, on the thread of their server ----

  void look() {
    servers.values().forEach(this::look);
  }

  private void look(Server server) {
    long now = ticker.getAsLong() - startNanos;
    List<Fleet> here = new ArrayList<>();
    List<Fleet> followed = new ArrayList<>();
    for (Fleet fleet : server.listed.values()) {
      if (fleet.opened != null && !fleet.isRemoved) {
        here.add(fleet);
      }
    }
    renew(server, here, now);
    for (Fleet fleet : here) {
      if (!fleet.isLeading()) {
        followed.add(fleet);
      }
    }
    followed.sort(Comparator.comparingLong(StowageFleets::place));
    claim(server, followed, now);
  }

  // Each process has an order of its own, so that two of them do not claim the same leases.
  private static long place(Fleet fleet) {
    Opened opened = fleet.opened;
    long holder = opened == null ? 0 : opened.stowage().holder().hashCode();
    return Mix.mix(Mix.fold(holder, fleet.listing.name().hashCode()));
  }

  private void renew(Server server, List<Fleet> here, long now) {
    List<Fleet> led = new ArrayList<>();
    List<Renewal> renewals = new ArrayList<>();
    boolean isDue = false;
    for (Fleet fleet : here) {
      Opened opened = fleet.opened;
      Optional<Renewal> renewal =
          opened == null || fleet.hangs() || opened.service().state() == State.STOPPED
              ? Optional.empty()
              : opened.stowage().engine().renewal();
      if (renewal.isPresent()) {
        led.add(fleet);
        renewals.add(renewal.get());
        long every = nanos(LeaseKeeper.pause(pace.renewEvery(), renewal.get().duration()));
        isDue |= fleet.renewedNanos == NONE || now - fleet.renewedNanos >= every;
      } else {
        fleet.renewedNanos = NONE;
      }
    }
    if (!isDue) {
      return;
    }
    long askedNanos = TurnOrder.nanos();
    List<Optional<RuntimeException>> failures = server.shared.renew(renewals);
    for (int at = 0; at < led.size(); at++) {
      Fleet fleet = led.get(at);
      Opened opened = fleet.opened;
      fleet.renewedNanos = now;
      if (opened != null && failures.get(at).isEmpty()) {
        opened.stowage().engine().renewed(askedNanos);
      } else {
        // The turn meets the cause as well: a listener that hears of it must not hang here.
        fleet.turnSoon();
      }
    }
    askForNews(server, led, now);
  }

  /** Asks for all at once what a notification may have failed to tell. */
  private void askForNews(Server server, List<Fleet> led, long now) {
    // Turns of those without an answer ask the store themselves.
    askAll(led, stores -> server.shared.haveNews(stores).orElse(List.of()), unread -> {})
        .forEach((fleet, hasNews) -> {
          if (hasNews) {
            fleet.turnSoon();
          } else {
            fleet.emptyNanos = now;
          }
        });
  }

  /**
   * Asks about all stores at once, and where that fails about each half, so that one that cannot be
   * read keeps the answer from no other. There are no answers if the server is away.
   */
  private static <T> Map<Fleet, T> askAll(
      List<Fleet> fleets,
      Function<List<FleetStore>, List<T>> question,
      Consumer<Fleet> unreadable) {
    Map<Fleet, T> answers = new HashMap<>();
    Deque<List<Fleet>> asked = new ArrayDeque<>(List.of(fleets));
    while (!asked.isEmpty()) {
      List<Fleet> part = asked.pop();
      try {
        List<T> told = question.apply(part.stream().map(StowageFleets::storeOf).toList());
        for (int at = 0; at < told.size(); at++) {
          answers.put(part.get(at), told.get(at));
        }
      } catch (StorageException.Transient e) {
        LOG.debug("the server of {} fleets could not be asked", part.size(), e);
        return Map.of();
      } catch (RuntimeException | Error e) {
        LOG.debug("{} fleets could not be asked at once", part.size(), e);
        int half = part.size() / 2;
        if (half > 0) {
          asked.push(part.subList(half, part.size()));
          asked.push(part.subList(0, half));
        } else {
          part.forEach(unreadable);
        }
      }
    }
    return answers;
  }

  private void claim(Server server, List<Fleet> followed, long now) {
    if (followed.isEmpty()) {
      return;
    }
    // The turn of a fleet that cannot be read says why.
    Map<Fleet, Optional<Lease>> leases = askAll(followed, server.shared::running, this::permit);
    boolean isAnyFree = leases.values().stream().anyMatch(Optional::isEmpty);
    int led =
        isAnyFree
            ? (int) fleets.values().stream().filter(it -> it.isLeading() || it.mayClaim).count()
            : 0;
    for (Fleet fleet : followed) {
      Optional<Lease> lease = leases.get(fleet);
      if (lease == null) {
        continue;
      }
      fleet.others = lease;
      if (lease.isPresent()) {
        fleet.freeSinceNanos = NONE;
        if (!isStandby(fleet)) {
          fleet.turnSoon();
        }
      } else if (!fleet.mayClaim) {
        fleet.freeSinceNanos = fleet.freeSinceNanos == NONE ? now : fleet.freeSinceNanos;
        if (now - fleet.freeSinceNanos >= spreadNanos(fleet) * led / fleets.size()) {
          led++;
          permit(fleet);
        }
      }
    }
  }

  private static boolean isStandby(Fleet fleet) {
    Opened opened = fleet.opened;
    return opened != null && opened.service().status().state() == State.STANDBY;
  }

  private static FleetStore storeOf(Fleet fleet) {
    return Objects.requireNonNull(fleet.opened).store();
  }

  private static long spreadNanos(Fleet fleet) {
    Opened opened = fleet.opened;
    return opened == null ? 0 : nanos(opened.stowage().leaseDuration()) / SPREADS_PER_LEASE;
  }

  private void permit(Fleet fleet) {
    fleet.mayClaim = true;
    fleet.turnSoon();
  }

  /**
   * Removes all fleets, giving their leases back, and ends the threads. Waits for turns under way,
   * but at most half a minute: leases of fleets that hang run out, and what was submitted to their
   * services fails. Servers and executor stay.
   */
  @Override
  public void close() {
    List<CompletableFuture<@Nullable Void>> gone =
        fleets.values().stream().map(StowageFleets::remove).toList();
    try {
      if (driver != null) {
        CompletableFuture.allOf(gone.toArray(CompletableFuture[]::new))
            .get(CLOSE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      BestEffort.run(() -> LOG.warn("not every lease was given back; the others run out", e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    isClosed = true;
    LockSupport.unpark(driver);
    servers.values().forEach(Server::stop);
    for (Fleet fleet : fleets.values()) {
      Opened left = fleet.opened;
      if (left != null) {
        BestEffort.run(() -> left.service().end("its fleets were closed"));
      }
      fleet.gone.completeExceptionally(closed());
    }
  }

  /** Settings of many fleets. Not thread-safe. */
  public static final class Builder {
    private final Executor executor;
    private final InstantSource clock;
    private LongSupplier ticker = TurnOrder::nanos;
    private Pace pace = Pace.DEFAULT;
    private Duration idleEvery = Duration.ofSeconds(10);
    private int turnsPerServer = 4;
    private BiFunction<String, Stowage.Builder, Stowage.Builder> facades = (name, it) -> it;
    private final List<FleetWatch> watches = new ArrayList<>();

    private Builder(Executor executor, InstantSource clock) {
      this.executor = Objects.requireNonNull(executor, "executor");
      this.clock = Objects.requireNonNull(clock, "clock");
    }

    Builder ticker(LongSupplier nanos) {
      ticker = nanos;
      return this;
    }

    /** Sets the intervals of every fleet; {@link Pace#DEFAULT} by default. */
    public Builder pace(Pace intervals) {
      pace = Objects.requireNonNull(intervals, "pace");
      return this;
    }

    /** Sets the longest pause between two turns of a leading fleet; ten seconds by default. */
    public Builder idleEvery(Duration pause) {
      if (pause.isNegative() || pause.isZero()) {
        throw new IllegalArgumentException("idleEvery is " + pause + "; above zero is accepted");
      }
      idleEvery = pause;
      return this;
    }

    /** Sets the most turns under way on one server, at least 1; 4 by default. */
    public Builder turnsPerServer(int most) {
      if (most < 1) {
        throw new IllegalArgumentException(
            "turnsPerServer is " + most + "; at least 1 is accepted");
      }
      turnsPerServer = most;
      return this;
    }

    /** Sets what completes the facade of each fleet, by its name: configuration, listener. */
    public Builder facade(BiFunction<String, Stowage.Builder, Stowage.Builder> completes) {
      facades = Objects.requireNonNull(completes, "facade");
      return this;
    }

    /** Adds what hears of each fleet that is opened or closed. */
    public Builder watch(FleetWatch hears) {
      watches.add(Objects.requireNonNull(hears, "watch"));
      return this;
    }

    /** Creates the object, without fleets and not started. */
    public StowageFleets build() {
      return new StowageFleets(this);
    }
  }
}
