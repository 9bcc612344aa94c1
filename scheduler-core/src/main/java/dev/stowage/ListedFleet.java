package dev.stowage;

import dev.stowage.StowageFleets.Listing;
import dev.stowage.StowageService.State;
import dev.stowage.StowageService.Status;
import dev.stowage.columns.Nanos;
import dev.stowage.engine.BestEffort;
import dev.stowage.engine.TurnOrder;
import dev.stowage.model.Tick;
import dev.stowage.store.Lease;
import dev.stowage.store.spi.FleetStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A fleet that a process may lead, and its turns on the host's executor. */
final class ListedFleet implements StowageService.Host {
  private static final Logger LOG = LoggerFactory.getLogger(StowageFleets.class);

  /** No time. */
  static final long NONE = -1;

  static final int MOST_FAREWELLS = 3;

  /** Separates two turns that ask the store while nothing happens: they audit and keep the time. */
  private static final long WHOLE_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Bounds the age of what other processes read, which shortens the validity of their routes. */
  private static final int WHOLE_TURNS_PER_WINDOW = 4;

  final Listing listing;
  final FleetLeases server;
  final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
  private final StowageFleets home;
  private volatile Status unopened =
      notOpen(State.STARTING, "waits for its first turn", 0, Optional.empty());
  volatile boolean isRemoved;
  volatile @Nullable Opened opened;
  volatile boolean mayClaim;
  volatile Optional<Lease> others = Optional.empty();

  // The begin of the turn under way, or else the time at which the next one is or was due.
  volatile long owedNanos = NONE;
  volatile boolean isLate;

  // What the executor threw instead of the last turn.
  volatile @Nullable Throwable refusal;

  // Whether anything came since the last turn that asked the store.
  private volatile boolean isAsked = true;

  // When the server last told that no news waits; when a turn last asked the store.
  volatile long emptyNanos = NONE;
  private volatile long wholeNanos = NONE;

  // Belong to the thread of the leases.
  long freeSinceNanos = NONE;
  long renewedNanos = NONE;

  // Belong to the step.
  long dueNanos;
  long due = NONE;
  long deadline = NONE;
  long turnNanos;
  long pauseNanos;
  long endedNanos;
  boolean isTurn;

  // The times that the removed fleet could not leave.
  int farewells;

  record Opened(
      ListedFleet fleet,
      FleetStore store,
      Stowage stowage,
      StowageService service,
      AutoCloseable news) {}

  ListedFleet(Listing listing, FleetLeases server, StowageFleets home) {
    this.listing = listing;
    this.server = server;
    this.home = home;
    this.pauseNanos = Nanos.saturated(home.pace.turnEvery());
  }

  @Override
  public void wake(long afterNanos) {
    home.wake(this, afterNanos);
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
    return owed != NONE && home.nanos() - owed > Nanos.saturated(home.pace.longestTurn());
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
      Duration bound = server.shared.deadline();
      return "its turn has run longer than the deadline of " + server + ", " + bound;
    }
    if (refused != null) {
      return "the executor took no turn of it: " + BestEffort.textOf(refused);
    }
    int most = TurnOrder.MOST_THREADS;
    return server.isHeldUp
        ? "no turn begins on " + server + ": late ones hold its " + most + " threads"
        : "";
  }

  Status status() {
    Opened now = opened;
    Status own = now == null ? unopened : now.service().status();
    Optional<String> hindered = now == null ? hinders() : Optional.empty();
    if (hindered.isPresent()) {
      return own.entered(State.DEGRADED, hindered.get(), own.sinceNanos());
    }
    return own.state() == State.STANDBY
        ? others
            .map(lease -> own.entered(State.STANDBY, lease.inWords(), own.sinceNanos()))
            .orElse(own)
        : own;
  }

  private static Status notOpen(State state, String why, long failed, Optional<Throwable> failure) {
    return new Status(state, why, 0, failed, failed, failure);
  }

  boolean isLeading() {
    Opened now = opened;
    return now != null && now.stowage().isLeading();
  }

  /** Asks for a turn because of news or a command; only a leader has anything to do then. */
  private void hint() {
    if (isLeading()) {
      turnSoon();
    }
  }

  void turnSoon() {
    isAsked = true;
    home.turnSoon(this);
  }

  void permit() {
    mayClaim = true;
    turnSoon();
  }

  /** Takes a turn, or delivers between two; returns whether that failed. */
  boolean run(boolean isTurn) {
    try {
      Opened now = opened;
      if (isRemoved) {
        leave(now);
      } else if (now == null) {
        open();
      } else if (!isTurn) {
        now.service().deliver();
      } else if (!isIdleTurn(now)) {
        long before = now.service().status().failedTurns();
        now.service().turn();
        return now.service().status().failedTurns() > before;
      }
      return false;
    } catch (Throwable e) {
      if (opened == null) {
        notOpened(e);
      }
      return true;
    } finally {
      mayClaim = false;
    }
  }

  private void notOpened(Throwable failure) {
    Status before = unopened;
    String reason = "it could not be opened: " + BestEffort.textOf(failure);
    unopened = notOpen(State.DEGRADED, reason, before.failedTurns() + 1, Optional.of(failure));
    if (!reason.equals(before.reason())) {
      BestEffort.run(() -> LOG.warn("fleet {}: {}", listing.name(), reason));
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
  private boolean isIdleTurn(Opened it) {
    long now = home.nanos();
    boolean isKnown =
        isLeading()
            && !isAsked
            && !isOver(Nanos.saturated(home.pace.renewEvery()) * 2, emptyNanos, now)
            && !isOver(wholeEveryNanos(it.stowage()), wholeNanos, now);
    if (isKnown && it.service().idleTurn()) {
      return true;
    }
    // Before the turn: what comes during it asks for another one.
    isAsked = false;
    wholeNanos = now;
    return false;
  }

  /** Returns a minute, or less so that routes read from the store stay valid for most of it. */
  private static long wholeEveryNanos(Stowage stowage) {
    long window = stowage.time().nanosAt(Tick.of(stowage.fleet().portalWindowTicks()));
    return Math.min(WHOLE_EVERY_NANOS, window / WHOLE_TURNS_PER_WINDOW);
  }

  /** Reports whether {@code nanos} passed since a time, or there is none. */
  static boolean isOver(long nanos, long since, long now) {
    return since == NONE || now - since >= nanos;
  }

  private List<String> key() {
    return List.of(listing.server().name(), listing.fleet());
  }

  private void open() {
    String name = listing.name();
    String owner = home.owners.putIfAbsent(key(), name);
    if (owner != null && !owner.equals(name)) {
      throw new IllegalStateException(
          "fleet '"
              + owner
              + "' is listed with "
              + listing.fleet()
              + " of server "
              + listing.server().name()
              + " too; remove one of both");
    }
    FleetStore store = server.open(listing.fleet());
    Opened begun = null;
    try {
      Stowage stowage = home.facades.apply(name, Stowage.builder(store).clock(home.clock)).build();
      StowageService service = new StowageService(stowage, this, stowage::now, home.pace);
      begun = new Opened(this, store, stowage, service, store.inbox().onNews(this::hint));
      stowage.engine().onWork(this::hint);
      for (FleetWatch watch : home.watches) {
        watch.opened(name, stowage, service);
      }
      opened = begun;
    } finally {
      if (opened == null) {
        if (begun != null) {
          BestEffort.run(begun.service()::close);
          BestEffort.run(begun.stowage()::close);
        }
        store.close();
      }
    }
  }

  private void leave(@Nullable Opened it) {
    Throwable failure = null;
    if (it != null) {
      it.service().close();
      try {
        it.stowage().resign();
      } catch (RuntimeException | Error e) {
        if (++farewells < MOST_FAREWELLS) {
          throw e;
        }
        failure = e;
      }
      BestEffort.run(it.stowage()::close);
      BestEffort.close(it.news());
      BestEffort.run(it.store()::close);
      opened = null;
      home.watches.forEach(watch -> BestEffort.run(() -> watch.closed(listing.name())));
    }
    home.owners.remove(key(), listing.name());
    unopened = notOpen(State.STOPPED, "removed", 0, Optional.empty());
    if (failure == null) {
      gone.complete(null);
    } else {
      gone.completeExceptionally(failure);
    }
  }
}
