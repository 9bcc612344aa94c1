package dev.stowage;

import dev.stowage.StowageService.Pace;
import dev.stowage.StowageService.State;
import dev.stowage.StowageService.Status;
import dev.stowage.columns.Nanos;
import dev.stowage.deterministic.queues.OrderedQueue;
import dev.stowage.engine.BestEffort;
import dev.stowage.engine.TurnOrder;
import dev.stowage.store.spi.FleetServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
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

  private static final long CLOSE_SECONDS = 30;

  private final Executor executor;
  final InstantSource clock;
  private final LongSupplier ticker;
  final Pace pace;
  private final long idleNanos;
  private final int turnsPerServer;
  final BiFunction<String, Stowage.Builder, Stowage.Builder> facades;
  final List<FleetWatch> watches;

  private final Map<String, ListedFleet> fleets = new ConcurrentSkipListMap<>();
  private final Map<String, FleetLeases> servers = new ConcurrentHashMap<>();
  final Map<List<String>, String> owners = new ConcurrentHashMap<>();
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

  private record Timer(ListedFleet fleet, boolean isDeadline) {}

  private StowageFleets(Builder builder) {
    executor = builder.executor;
    clock = builder.clock;
    ticker = builder.ticker;
    pace = builder.pace;
    idleNanos = Nanos.saturated(builder.idleEvery);
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

  /** Starts the turns and the threads for leases; idempotent. */
  public synchronized void start() {
    requireOpen();
    if (driver == null) {
      Thread thread = new Thread(this::drive, "stowage-fleets");
      thread.setDaemon(true);
      driver = thread;
      thread.start();
      servers.values().forEach(FleetLeases::start);
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
    FleetLeases server = serverOf(listing.server());
    ListedFleet fleet = new ListedFleet(listing, server, this);
    server.listed.put(listing.name(), fleet);
    fleets.put(listing.name(), fleet);
    if (driver != null) {
      server.start();
    }
    fleet.turnSoon();
  }

  @SuppressWarnings("ReferenceEquality")
  private FleetLeases serverOf(FleetServer shared) {
    FleetLeases known = servers.get(shared.name());
    if (known == null) {
      known = new FleetLeases(shared, this, turnsPerServer);
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

  private static CompletableFuture<@Nullable Void> remove(ListedFleet fleet) {
    fleet.isRemoved = true;
    fleet.turnSoon();
    return fleet.gone;
  }

  private ListedFleet named(String name) {
    ListedFleet fleet = fleets.get(Objects.requireNonNull(name, "name"));
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
    return Optional.ofNullable(named(name).opened).map(ListedFleet.Opened::stowage);
  }

  /** Returns the status of each listed fleet, by name. Never waits. */
  public List<FleetStatus> statuses() {
    return fleets.values().stream()
        .map(fleet -> new FleetStatus(fleet.listing, fleet.status()))
        .toList();
  }

  /** Returns the status of a listed fleet. Never waits. */
  public Status status(String name) {
    return named(name).status();
  }

  /** Returns the time since this object was made. */
  long nanos() {
    return ticker.getAsLong() - startNanos;
  }

  int count() {
    return fleets.size();
  }

  /** Counts the fleets that are led here or about to be. */
  long ledCount() {
    return fleets.values().stream().filter(it -> it.isLeading() || it.mayClaim).count();
  }

  void look() {
    servers.values().forEach(FleetLeases::look);
  }

  void wake(ListedFleet fleet, long afterNanos) {
    arrive(() -> dueAfter(fleet, Math.max(afterNanos, LEAST_PAUSE_NANOS)));
  }

  void turnSoon(ListedFleet fleet) {
    arrive(() -> turnNow(fleet));
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
      nowNanos = nanos();
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
    ListedFleet fleet = timer.fleet();
    if (timer.isDeadline()) {
      fleet.deadline = ListedFleet.NONE;
      fleet.isLate = true;
      fleet.server.order.late(fleet);
      BestEffort.run(() -> LOG.warn("fleet {}: {}", fleet.listing.name(), fleet.status().reason()));
    } else {
      fleet.due = ListedFleet.NONE;
      fleet.server.order.due(fleet);
    }
    begin(fleet.server);
  }

  private void turnNow(ListedFleet fleet) {
    long soonest =
        fleet.isRemoved || fleet.mayClaim
            ? nowNanos
            : Math.max(nowNanos, fleet.endedNanos + Nanos.saturated(pace.turnEvery()));
    fleet.turnNanos = Math.min(fleet.turnNanos, soonest);
    dueAfter(fleet, fleet.turnNanos - nowNanos);
  }

  private void dueAfter(ListedFleet fleet, long pause) {
    long at = pause > Long.MAX_VALUE - nowNanos ? Long.MAX_VALUE : nowNanos + Math.max(0, pause);
    if (at != Long.MAX_VALUE) {
      fleet.owedNanos = fleet.owedNanos == ListedFleet.NONE ? at : Math.min(fleet.owedNanos, at);
    }
    if (at == Long.MAX_VALUE || (fleet.due != ListedFleet.NONE && fleet.dueNanos <= at)) {
      return;
    }
    if (fleet.due != ListedFleet.NONE) {
      timers.remove(fleet.due);
    }
    fleet.dueNanos = at;
    fleet.due = timers.offer(at, 0, new Timer(fleet, false));
  }

  private void begin(FleetLeases server) {
    server.order.begin().forEach(this::begin);
    server.isHeldUp = server.order.isHeldUp();
  }

  private void begin(ListedFleet fleet) {
    fleet.isTurn = fleet.opened == null || nowNanos >= fleet.turnNanos;
    fleet.deadline =
        timers.offer(
            nowNanos + Nanos.saturated(fleet.server.shared.deadline()), 0, new Timer(fleet, true));
    boolean isTurn = fleet.isTurn;
    Throwable refusal = BestEffort.offer(executor, () -> run(fleet, isTurn)).orElse(null);
    if (refusal != null && fleet.refusal == null) {
      BestEffort.run(
          () -> LOG.warn("fleet {}: the executor took no turn", fleet.listing.name(), refusal));
    }
    fleet.refusal = refusal;
    if (refusal == null) {
      fleet.owedNanos = nowNanos;
    } else if (fleet.isRemoved && ++fleet.farewells >= ListedFleet.MOST_FAREWELLS) {
      // It would not leave otherwise, and without an executor no turn of another one waits.
      run(fleet, true);
    } else {
      fleet.mayClaim = false;
      arrive(() -> goOn(fleet, true));
    }
  }

  private void run(ListedFleet fleet, boolean isTurn) {
    boolean isFailed = fleet.run(isTurn);
    arrive(() -> ended(fleet, isFailed));
  }

  private void ended(ListedFleet fleet, boolean isFailed) {
    fleet.owedNanos = fleet.due == ListedFleet.NONE ? ListedFleet.NONE : fleet.dueNanos;
    goOn(fleet, isFailed);
  }

  private void goOn(ListedFleet fleet, boolean isFailed) {
    if (fleet.deadline != ListedFleet.NONE) {
      timers.remove(fleet.deadline);
      fleet.deadline = ListedFleet.NONE;
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
      fleet.turnNanos = nowNanos + (isFailed ? Nanos.saturated(pace.turnEvery()) : 0);
      dueAfter(fleet, fleet.turnNanos - nowNanos);
    } else {
      rest(fleet);
    }
  }

  private void rest(ListedFleet fleet) {
    ListedFleet.Opened opened = fleet.opened;
    if (opened == null) {
      fleet.turnNanos = nowNanos + Nanos.saturated(pace.renewEvery());
      dueAfter(fleet, Nanos.saturated(pace.renewEvery()));
      return;
    }
    StowageService service = opened.service();
    State state = service.status().state();
    if (state == State.STOPPED) {
      return;
    }
    if (fleet.isTurn) {
      boolean isIdle = state == State.LEADING && !service.isBusy();
      long turnEvery = Nanos.saturated(pace.turnEvery());
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

  private void forget(ListedFleet fleet) {
    if (fleet.due != ListedFleet.NONE) {
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
    servers.values().forEach(FleetLeases::stop);
    for (ListedFleet fleet : fleets.values()) {
      ListedFleet.Opened left = fleet.opened;
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
