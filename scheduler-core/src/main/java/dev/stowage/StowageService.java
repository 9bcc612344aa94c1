package dev.stowage;

import dev.stowage.answer.LeaderStanding;
import dev.stowage.answer.LeaderStanding.Told;
import dev.stowage.answer.Progress;
import dev.stowage.audit.AuditFinding;
import dev.stowage.columns.Nanos;
import dev.stowage.command.Result;
import dev.stowage.engine.BestEffort;
import dev.stowage.engine.Complaints;
import dev.stowage.engine.FacadeProblems;
import dev.stowage.engine.LeaseKeeper;
import dev.stowage.engine.ResignPolicy;
import dev.stowage.model.InvariantViolation;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.shape.Unit;
import dev.stowage.store.Lease.LeaseAnswer;
import dev.stowage.store.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service that runs a facade in turns on the host's executor: lease, both cycles, retention and,
 * if configured, moves, {@link Transfers#send} and {@link Propagation#send}. A host with its own
 * loop calls {@link #turn}, and {@link Stowage#renew} beside long turns; a started service renews
 * on a daemon thread. Thread-safe; one turn runs at a time.
 *
 * <p>An exception in a turn, an {@link Error} included, is counted, logged and shown, and the next
 * turn tries again. An audit's finding stops its command and degrades the service until audits
 * pass; another {@link InvariantViolation} ends the service, whose turns then throw {@link
 * StowageException}.
 */
public final class StowageService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StowageService.class);
  private static final Duration CENSUS_AGE = Duration.ofSeconds(10);
  private static final long TELL_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final String SHUT_DOWN = "its executor was shut down";
  private static final String HANGS =
      "a turn has run longer than longestTurn, so the lease is no longer renewed: another service"
          + " may lead";

  // Nanoseconds: a host's clock that stands still must not spin the executor.
  private static final long LEAST_PAUSE_NANOS = 5_000_000;

  private static final String SLOW =
      "a turn has run longer than a fifth of longestTurn; if this service leads, its lease is still"
          + " renewed, so that no other service can lead";

  private final Stowage stowage;
  private final @Nullable ScheduledExecutorService executor;
  private final Host host;
  private final LongSupplier clockNanos;
  private final Pace pace;
  private final Duration renewEvery;
  private final LeaseKeeper keeper;
  private final Deliveries deliveries;
  private final AtomicBoolean wakesSoon = new AtomicBoolean();
  private final AtomicBoolean wakesLater = new AtomicBoolean();
  private final AtomicBoolean goesOn = new AtomicBoolean();
  private final AtomicBoolean hasNews = new AtomicBoolean();
  private final Logger log;
  private final AtomicReference<Status> status = new AtomicReference<>(Status.FIRST);
  private volatile @Nullable ScheduledFuture<?> loop;
  private volatile @Nullable AutoCloseable news;
  private volatile @Nullable LongFunction<PressureSnapshot> samples;

  // Guards the fields below, which belong to the turn in progress.
  private final ReentrantLock turning = new ReentrantLock();

  private final Complaints complaints;
  private final ResignPolicy resignPolicy;
  private boolean claimed;
  private boolean hasTime;

  private long stillTurns;

  private long stillNanos;
  private long sinceRenewal;
  private long sincePurge;
  private long toldNanos;

  private @Nullable String refused;

  private @Nullable AuditFinding found;

  private @Nullable Throwable hindered;

  private volatile long nowNanos;

  // Whether a cycle of the last turn left work to the next one.
  private volatile boolean isMore;

  // Whether a cycle of the last turn changed anything.
  private volatile boolean isBusy;

  /** Takes the turns of a service that runs no loop of its own. */
  interface Host {
    /** Hears that work waits for {@link #deliver} after some time. */
    default void wake(long afterNanos) {}

    /** Returns why a turn that does not lead must not claim the lease; empty if it may. */
    default Optional<String> waits() {
      return Optional.empty();
    }

    /** Returns what keeps the service from its turns, or a turn from its end; empty if nothing. */
    default Optional<String> hinders() {
      return Optional.empty();
    }
  }

  /** The state of a service. */
  public enum State {
    /** No turn has ended yet. */
    STARTING,
    /** The last turn led throughout; the reason names what is guarded, stuck, or deferred. */
    LEADING,
    /** Another process holds the lease. */
    STANDBY,
    /**
     * The last turn failed, hangs, or had a cycle stopped or refused, time stands still or is slow,
     * the recorder or the facade's executor refuses, or replicas that neither a pin nor a freeze
     * keeps are stuck, or chunks deferred, for longer than suspect_after; the next turn tries
     * again. After three failing leases a leader resigns and stands aside for a third of one.
     */
    DEGRADED,
    /** Over: closed, ended by a broken promise, or left without executor or facade. */
    STOPPED
  }

  /**
   * The condition of a service at one moment. Immutable.
   *
   * @param state the state
   * @param reason the cause in plain words, never empty
   * @param sinceNanos the start of the state by the host's clock; 0 before the first turn
   * @param turns the number of turns begun
   * @param failedTurns the number of failed turns
   * @param lastFailure the exception of the last failed turn; empty if none failed
   */
  public record Status(
      State state,
      String reason,
      long sinceNanos,
      long turns,
      long failedTurns,
      Optional<Throwable> lastFailure) {
    private static final Status FIRST =
        new Status(State.STARTING, "no turn has ended yet", 0, 0, 0, Optional.empty());

    private boolean isOver() {
      return state == State.STOPPED;
    }

    Status entered(State next, String why, long nowNanos) {
      return isOver()
          ? this
          : new Status(
              next, why, next == state ? sinceNanos : nowNanos, turns, failedTurns, lastFailure);
    }

    private Status begun() {
      return new Status(state, reason, sinceNanos, turns + 1, failedTurns, lastFailure);
    }

    private Status failed(Throwable failure) {
      return new Status(state, reason, sinceNanos, turns, failedTurns + 1, Optional.of(failure));
    }
  }

  /**
   * The intervals of a service on the host's clock, whose standing still counts as {@code
   * turnEvery}.
   *
   * @param turnEvery the pause between two turns, each with both cycles
   * @param renewEvery the age at which a lease is renewed; three times per lease at least
   * @param purgeEvery the pause between two runs of retention
   * @param longestTurn the machine's time after which a turn hangs and its lease is not renewed;
   *     above the time to load and plan
   */
  public record Pace(
      Duration turnEvery, Duration renewEvery, Duration purgeEvery, Duration longestTurn) {
    /** Turns every second, renewals every ten, retention every hour; turns of up to ten minutes. */
    public static final Pace DEFAULT =
        new Pace(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            Duration.ofMinutes(10));

    /** Throws {@link IllegalArgumentException} unless each pause is above zero. */
    public Pace {
      above(turnEvery, "turnEvery");
      above(renewEvery, "renewEvery");
      above(purgeEvery, "purgeEvery");
      above(longestTurn, "longestTurn");
    }

    /** Creates a pace with the longest turn of {@link #DEFAULT}. */
    public Pace(Duration turnEvery, Duration renewEvery, Duration purgeEvery) {
      this(turnEvery, renewEvery, purgeEvery, Duration.ofMinutes(10));
    }

    private static void above(Duration pause, String what) {
      if (Objects.requireNonNull(pause, what).isNegative() || pause.isZero()) {
        throw new IllegalArgumentException(what + " is " + pause + "; above zero is accepted");
      }
    }
  }

  /**
   * Creates a service that turns by {@link Stowage#now}; throws {@link IllegalStateException} if
   * the facade was built without a clock.
   */
  public StowageService(Stowage stowage, ScheduledExecutorService executor, Pace pace) {
    this(stowage, executor, clockOf(stowage), pace);
  }

  private static LongSupplier clockOf(Stowage stowage) {
    stowage.now();
    return stowage::now;
  }

  /**
   * Creates a service of a facade and an executor that stay the caller's. {@code clockNanos} gives
   * nanoseconds since an epoch of the host's choice and is read once per turn.
   */
  public StowageService(
      Stowage stowage, ScheduledExecutorService executor, LongSupplier clockNanos, Pace pace) {
    this(stowage, executor, clockNanos, pace, LOG);
  }

  StowageService(
      Stowage stowage,
      ScheduledExecutorService executor,
      LongSupplier clockNanos,
      Pace pace,
      Logger log) {
    this(
        stowage,
        Objects.requireNonNull(executor, "executor"),
        new Host() {},
        clockNanos,
        pace,
        log);
  }

  /** Creates a service whose turns {@code host} takes, which renews the lease too. */
  StowageService(Stowage stowage, Host host, LongSupplier clockNanos, Pace pace) {
    this(stowage, null, host, clockNanos, pace, LOG);
  }

  private StowageService(
      Stowage stowage,
      @Nullable ScheduledExecutorService executor,
      Host host,
      LongSupplier clockNanos,
      Pace pace,
      Logger log) {
    this.stowage = Objects.requireNonNull(stowage, "stowage");
    this.executor = executor;
    this.host = host;
    this.clockNanos = Objects.requireNonNull(clockNanos, "clockNanos");
    this.pace = Objects.requireNonNull(pace, "pace");
    this.renewEvery = LeaseKeeper.pause(pace.renewEvery(), stowage.leaseDuration());
    this.keeper =
        new LeaseKeeper(
            stowage.engine()::renewIfHeld, renewEvery, pace.turnEvery(), pace.longestTurn());
    this.log = log;
    this.deliveries = new Deliveries(stowage, () -> !isOver(), log);
    this.complaints = new Complaints(log);
    this.resignPolicy = new ResignPolicy(stowage.leaseDuration(), pace.turnEvery());
  }

  /**
   * Observes the machine's pressure, which {@code samples} gives by host time, in each leading
   * turn, at one commit per turn; its exceptions fail the turn. Returns this.
   */
  public StowageService observing(LongFunction<PressureSnapshot> samples) {
    this.samples = Objects.requireNonNull(samples, "samples");
    return this;
  }

  /**
   * Submits quick work that uses what belongs to turns, such as {@code submit(now ->
   * transfers.arrived(id))}. The work gets the host's time and runs alone, in order, in the next
   * turn or {@link #deliver}, at once in a started service. Never waits. The stage fails with a
   * {@link StowageException} if the service ends before; throws it if the service is over.
   */
  public <T extends @Nullable Object> CompletionStage<T> submit(LongFunction<T> work) {
    Objects.requireNonNull(work, "work");
    requireGoing();
    CompletionStage<T> answer = deliveries.submit(work);
    if (isOver()) {
      deliveries.end(over(status.get()));
    }
    wake(0, wakesSoon);
    return answer;
  }

  Deliveries deliveries() {
    return deliveries;
  }

  long longestBurstNanos() {
    return Math.max(Nanos.PER_SECOND, Nanos.saturated(pace.turnEvery()));
  }

  /** Returns the counts as of the last leading turn or delivery. Never waits. */
  public Told told() {
    return deliveries.told();
  }

  /**
   * Starts the turns; idempotent. Throws {@link StowageException} if over, {@link
   * RejectedExecutionException} if the executor refuses; a shut-down executor ends the service.
   */
  public synchronized void start() {
    requireGoing();
    ScheduledExecutorService runs = executor;
    if (runs == null) {
      throw new IllegalStateException("the turns of this service are taken by its fleets");
    }
    if (loop != null) {
      return;
    }
    ScheduledFuture<?> begun;
    try {
      long every = Nanos.saturated(pace.turnEvery());
      begun = runs.scheduleWithFixedDelay(this::run, 0, every, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      throw runs.isShutdown() ? withoutExecutor(e) : e;
    }
    if (runs.isShutdown()) {
      begun.cancel(false);
      throw withoutExecutor(null);
    }
    loop = begun;
    keeper.start();
    news = stowage.engine().onNews(this::hearNews);
    if (status.get().isOver()) {
      begun.cancel(false);
      keeper.close();
    }
  }

  private RejectedExecutionException withoutExecutor(@Nullable Throwable cause) {
    end(SHUT_DOWN);
    return new RejectedExecutionException(
        "the service cannot start: " + SHUT_DOWN + "; build another service, with a running one",
        cause);
  }

  // A caller who waits for an answer must not wait for the next turn.
  private void hearNews() {
    hasNews.set(true);
    wake(0, wakesSoon);
  }

  private void run() {
    try {
      if (!status().isOver()) {
        turn();
        wake(deliveries.dueAfterNanos(), wakesLater);
        goOn();
      }
    } catch (Throwable e) {
      // The turn shows its failure itself; if even that failed, the next turn tries.
      BestEffort.run(() -> log.debug("the turn threw", e));
    }
  }

  // Other tasks of the executor come between two turns.
  private void goOn() {
    if (!isMore || loop == null || executor == null || goesOn.getAndSet(true)) {
      return;
    }
    BestEffort.offer(
            executor,
            () -> {
              goesOn.set(false);
              run();
            })
        .ifPresent(refused -> goesOn.set(false));
  }

  boolean isMore() {
    return isMore;
  }

  boolean isBusy() {
    return isBusy;
  }

  long dueAfterNanos() {
    return deliveries.dueAfterNanos();
  }

  private void wake(long nanos, AtomicBoolean wakes) {
    host.wake(nanos);
    if (loop == null
        || executor == null
        || nanos >= Nanos.saturated(pace.turnEvery())
        || wakes.getAndSet(true)) {
      return;
    }
    try {
      long pause = nanos == 0 ? 0 : Math.max(nanos, LEAST_PAUSE_NANOS);
      ScheduledFuture<?> unused =
          executor.schedule(() -> wakeUp(wakes), pause, TimeUnit.NANOSECONDS);
    } catch (RuntimeException | Error e) {
      // The next turn does the work, and the status tells if there is none.
      wakes.set(false);
    }
  }

  private void wakeUp(AtomicBoolean wakes) {
    wakes.set(false);
    try {
      if (!isOver()) {
        wake(Math.max(deliver(), 1), wakesLater);
      }
    } catch (Throwable e) {
      BestEffort.run(() -> log.debug("the work between two turns threw", e));
    }
  }

  /** Stops the turns after the one in progress; facade, executor and lease stay. Idempotent. */
  @Override
  public void close() {
    end("closed");
    if (!turning.isHeldByCurrentThread()) {
      turning.lock();
      try {
        claimed = false;
      } finally {
        turning.unlock();
      }
    }
  }

  void end(String reason) {
    enter(State.STOPPED, reason);
    deliveries.end(over(status.get()));
    AutoCloseable heard = news;
    if (heard != null) {
      BestEffort.close(heard);
    }
    ScheduledFuture<?> running = loop;
    if (running != null) {
      running.cancel(false);
    }
  }

  private void requireGoing() {
    Status now = status();
    if (now.isOver()) {
      throw over(now);
    }
  }

  private static StowageException over(Status now) {
    StowageException over =
        new StowageException(
            StowageException.Reason.CLOSED, "the service has stopped: " + now.reason());
    now.lastFailure().filter(StowageService::isFatal).ifPresent(over::initCause);
    return over;
  }

  private boolean isOver() {
    return status.get().isOver();
  }

  // An audit stops its command before any effect; another broken promise is noticed after it.
  private static boolean isFatal(Throwable failure) {
    return failure instanceof InvariantViolation && !(failure instanceof AuditFinding);
  }

  /**
   * Takes one turn: submitted work, lease, observation, scheduling, transfers, publication,
   * propagation and, if due, retention. Reports whether this process led throughout and no cycle
   * was refused for its time.
   *
   * @throws InvariantViolation if a promise is broken and no audit stopped it; ends the service
   * @throws StowageException if the service is over already
   * @throws IllegalStateException if called from within a turn
   */
  public boolean turn() {
    beginAlone();
    try {
      requireGoing();
      status.updateAndGet(Status::begun);
      return takeTurn();
    } finally {
      turning.unlock();
    }
  }

  /**
   * Takes a turn that asks the store nothing, if the fleet's state in memory shows that one would
   * change nothing but the time; returns false without an effect otherwise. The caller knows that
   * no news waits, and that the lease is held.
   */
  boolean idleTurn() {
    beginAlone();
    try {
      requireGoing();
      long now = clockNanos.getAsLong();
      boolean isSmooth = status.get().state() == State.LEADING && !isMore && !isBusy;
      if (!isSmooth || samples != null || isPurgeDue(now) || !rests(now)) {
        return false;
      }
      status.updateAndGet(Status::begun);
      keeper.turn();
      pass(now);
      try {
        deliveries.take(now);
        deliveries.followTransfers(now);
        deliveries.followNews(now);
        say();
      } catch (Throwable e) {
        hear(e);
      }
      return true;
    } finally {
      turning.unlock();
    }
  }

  private boolean rests(long now) {
    try {
      return stowage.rests(now);
    } catch (RuntimeException | Error e) {
      // The whole turn meets the cause as well and reports it.
      log.debug("an idle turn could not be judged", e);
      return false;
    }
  }

  // A clock that stands still is a matter of whole turns.
  private boolean isPurgeDue(long now) {
    return now <= nowNanos
        || Nanos.plus(sincePurge, Nanos.between(nowNanos, now))
            >= Nanos.saturated(pace.purgeEvery());
  }

  /**
   * Runs submitted work and sends what may go, and returns the nanoseconds until more may, or
   * {@link Long#MAX_VALUE}. A started service does so itself. Throws as {@link #turn}.
   */
  public long deliver() {
    beginAlone();
    try {
      requireGoing();
      long now = clockNanos.getAsLong();
      // The store tells of the first command that waits: behind those that were decided another one
      // may have come untold.
      if (hasNews.getAndSet(false) && stowage.engine().decideLog(stowage.time().tickAt(now))) {
        hearNews();
      }
      deliveries.take(now);
      deliveries.goOn(now);
      return deliveries.dueAfterNanos();
    } catch (Throwable e) {
      if (isOver()) {
        throw e;
      }
      hear(e);
      return Deliveries.NEVER;
    } finally {
      turning.unlock();
    }
  }

  private void beginAlone() {
    if (turning.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          "a turn is in progress on this thread; code that a turn calls must not call the service");
    }
    turning.lock();
  }

  private boolean takeTurn() {
    try {
      keeper.turn();
      return leadAndRun();
    } catch (Throwable e) {
      hear(e);
      judge(false);
      return false;
    }
  }

  private void hear(Throwable failure) {
    if (isFatal(failure)) {
      throw broken((InvariantViolation) failure);
    }
    if (stowage.engine().isClosed()) {
      end("its facade was closed");
    }
    failed(failure);
  }

  private InvariantViolation broken(InvariantViolation promise) {
    status.updateAndGet(now -> now.failed(promise));
    BestEffort.run(
        () -> log.error("a promise of the library is broken, the service ends", promise));
    end("a promise of the library is broken: " + BestEffort.textOf(promise));
    return promise;
  }

  // Another process may have the clock or the planner that this one lacks.
  private void judge(boolean succeeded) {
    if (succeeded || !stowage.isLeading()) {
      resignPolicy.succeeded();
    } else if (resignPolicy.failed()) {
      String reason = "gave the lease back, so that another service may lead: " + reason();
      enter(State.DEGRADED, reason);
      BestEffort.run(() -> log.warn(reason));
      BestEffort.run(stowage::resign);
    }
  }

  // close() waits for one step at most, so each checks that it may begin.
  private boolean leadAndRun() throws Throwable {
    long now = clockNanos.getAsLong();
    pass(now);
    refused = null;
    isMore = false;
    isBusy = false;
    found = null;
    hindered = null;
    deliveries.take(now);
    boolean leads = lead(now);
    boolean led =
        leads
            && goesOn(() -> schedule(now))
            && goesOn(() -> apart(() -> deliveries.followTransfers(now)))
            && goesOn(() -> publish(now))
            && goesOn(() -> apart(() -> deliveries.followNews(now)))
            && goesOn(() -> purge(now))
            && goesOn(() -> apart(() -> tellProgress(now)));
    if (!leads) {
      deliveries.goOn(now);
    }
    if (found != null) {
      throw found;
    }
    if (hindered != null) {
      throw hindered;
    }
    if (!led) {
      resignPolicy.succeeded();
      return false;
    }
    complaints.auditsPass();
    FacadeProblems problems = stowage.engine().problems();
    if (complaints.setAside(problems)) {
      countSetAside();
    }
    Optional<String> frozen = frozen(problems);
    Optional<String> wrong = complaints.wrong(Optional.ofNullable(refused), frozen, problems, now);
    String reason = complaints.words(wrong.orElse("leads as " + stowage.holder()), problems);
    enter(wrong.isPresent() ? State.DEGRADED : State.LEADING, reason);
    say();
    judge(refused == null && frozen.isEmpty() && problems.slowTime().isEmpty());
    return refused == null;
  }

  // The next cycle keeps it for readers in other processes.
  private void say() {
    Status now = status.get();
    stowage.engine().book().said(isDegraded(now), inWords(now), told());
  }

  private void schedule(long now) {
    LongFunction<PressureSnapshot> asked = samples;
    if (asked != null) {
      stowage.observe(asked.apply(now), now);
    }
    Result.Scheduled cycle = stowage.schedule(now);
    isMore |= cycle.more();
    isBusy |= cycle.changed();
    heed(cycle.refused());
  }

  private void publish(long now) {
    Result.Published cycle = stowage.publish(now);
    isMore |= cycle.more();
    isBusy |= cycle.changed();
    heed(cycle.refused());
  }

  /** Logs each minute the work left, if there is any. */
  private void tellProgress(long now) {
    if (now - toldNanos >= TELL_EVERY_NANOS || now < toldNanos) {
      toldNanos = now;
      census()
          .map(FleetCensus::progress)
          .filter(Progress::isToGo)
          .ifPresent(progress -> log.info("progress: {}", String.join("; ", progress.lines())));
    }
  }

  private void countSetAside() {
    complaints.kept(stowage.quarantine(-1, Complaints.MOST_COUNTED));
  }

  private Optional<String> frozen(FacadeProblems problems) {
    boolean isStill = stillTurns > 0 && stillNanos >= problems.patienceNanos();
    return problems.slowTime().isPresent() || !isStill
        ? Optional.empty()
        : Optional.of(
            "time stands still: the clock of this service has not gone forward in "
                + stillTurns
                + " turns, and shows "
                + nowNanos
                + " ns; correct that clock");
  }

  private void heed(Optional<Result.Answer> refusal) {
    refusal.ifPresent(it -> refused = it.code() + ": " + String.join("; ", it.reasons()));
  }

  private boolean goesOn(Runnable step) {
    boolean goes = !status.get().isOver();
    if (goes) {
      audited(step);
    }
    return goes;
  }

  // Exceptions of host code delay no later step and fail the turn at its end.
  private void apart(Runnable step) {
    try {
      step.run();
    } catch (StorageException | InvariantViolation e) {
      throw e;
    } catch (RuntimeException | Error e) {
      hindered = hindered == null ? e : hindered;
    }
  }

  // A step that an audit stopped changed nothing, so later steps go on.
  private void audited(Runnable step) {
    try {
      step.run();
    } catch (AuditFinding e) {
      AuditFinding first = found;
      if (first == null) {
        found = e;
      } else {
        first.addSuppressed(e);
      }
    }
  }

  private boolean lead(long now) {
    if (!stowage.isLeading()) {
      if (resignPolicy.standsAside()) {
        return false;
      }
      Optional<String> waits = host.waits();
      if (waits.isPresent()) {
        complaints.follow();
        enter(State.STANDBY, waits.get());
        return false;
      }
      LeaseAnswer answer = stowage.claim(now);
      claimed = answer.granted();
      sinceRenewal = 0;
      sincePurge = 0;
      if (claimed) {
        countSetAside();
      } else {
        complaints.follow();
        enter(State.STANDBY, answer.lease().inWords());
      }
      return claimed;
    }
    if (executor != null && (!claimed || sinceRenewal >= Nanos.saturated(renewEvery))) {
      stowage.renew();
      claimed = true;
      sinceRenewal = 0;
    }
    return true;
  }

  private void purge(long now) {
    if (sincePurge >= Nanos.saturated(pace.purgeEvery())) {
      heed(stowage.purge(now).refused());
      sincePurge = 0;
      if (complaints.isKeeping()) {
        countSetAside();
      }
    }
  }

  // Sums forward progress only, so that a leap back delays nothing.
  private void pass(long now) {
    long before = nowNanos;
    nowNanos = now;
    if (hasTime) {
      long passed = now > before ? Nanos.between(before, now) : Nanos.saturated(pace.turnEvery());
      stillTurns = now > before ? 0 : stillTurns + 1;
      stillNanos = now > before ? 0 : Nanos.plus(stillNanos, passed);
      sinceRenewal = Nanos.plus(sinceRenewal, passed);
      sincePurge = Nanos.plus(sincePurge, passed);
    }
    hasTime = true;
  }

  private void failed(Throwable failure) {
    Status before = status.getAndUpdate(now -> now.failed(failure));
    if (failure instanceof AuditFinding finding) {
      enter(State.DEGRADED, complaints.found(finding));
      return;
    }
    String reason = "the last turn failed: " + BestEffort.textOf(failure);
    enter(State.DEGRADED, reason);
    say();
    if (before.isOver()) {
      BestEffort.run(() -> log.info("a turn ended with its service: {}", reason));
    } else if (before.state() == State.DEGRADED && before.reason().equals(reason)) {
      BestEffort.run(() -> log.warn("again, {}", reason));
    } else if (failure instanceof StorageException.Fenced) {
      BestEffort.run(() -> log.warn(reason));
    } else {
      BestEffort.run(() -> log.warn(reason, failure));
    }
  }

  /**
   * Returns the status without waiting; of a turn in progress it shows only the begin, and {@link
   * State#DEGRADED} once it takes over a fifth of {@code longestTurn}.
   */
  public Status status() {
    ScheduledFuture<?> running = loop;
    if (running != null && executor != null && !status.get().isOver()) {
      if (executor.isShutdown()) {
        end(SHUT_DOWN);
      } else if (running.isDone()) {
        end("its loop was cancelled");
      }
    }
    Status now = status.get();
    Optional<String> hindered = host.hinders();
    if (hindered.isPresent()) {
      return now.entered(State.DEGRADED, hindered.get(), nowNanos);
    }
    if (keeper.hasGivenUp()) {
      return now.entered(State.DEGRADED, HANGS, nowNanos);
    }
    return keeper.isSlow() ? now.entered(State.DEGRADED, SLOW, nowNanos) : now;
  }

  /** The health of a service and its fleet, with reasons in plain words, the state first. */
  public record Health(Level level, List<String> reasons) {
    /** Copies {@code reasons}. */
    public Health {
      reasons = List.copyOf(reasons);
    }

    /** The summary of a service's health. */
    public enum Level {
      /** Leads or follows, and readers lose nothing. */
      UP,
      /** Starting, {@link State#DEGRADED}, or readers could lose a chunk or read one nowhere. */
      DEGRADED,
      /** Over. */
      DOWN
    }
  }

  /**
   * Returns the health for an orchestrator: restart on {@link Health.Level#DOWN} only, as {@link
   * Health.Level#DEGRADED} retries by itself. Never waits: while a command runs, the last census
   * counts.
   */
  public Health health() {
    Status now = status();
    String words = inWords(now);
    if (now.state() == State.STOPPED) {
      return new Health(Health.Level.DOWN, List.of(words));
    }
    Optional<FleetCensus> census = stowage.isLeading() ? census() : Optional.empty();
    LeaderStanding fleet = census.map(FleetCensus::standing).orElse(LeaderStanding.NONE);
    LeaderStanding standing = fleet.withService(isDegraded(now), words, told());
    List<String> reasons = new ArrayList<>(standing.reasons());
    census.flatMap(StowageService::pause).ifPresent(reasons::add);
    return new Health(standing.isUp() ? Health.Level.UP : Health.Level.DEGRADED, reasons);
  }

  private static Optional<String> pause(FleetCensus census) {
    double seconds = Math.ceil(census.pauseSeconds());
    int owing = census.workers().owing();
    String owed = owing + (owing == 1 ? " worker owes" : " workers owe");
    return seconds == 0
        ? Optional.empty()
        : Optional.of(
            "commits may be lost: nothing is deleted for "
                + Unit.SECONDS.print(seconds)
                + " more, and "
                + owed
                + " an inventory");
  }

  private static String inWords(Status now) {
    return now.state() + ": " + now.reason();
  }

  private static boolean isDegraded(Status now) {
    return now.state() != State.LEADING && now.state() != State.STANDBY;
  }

  private Optional<FleetCensus> census() {
    try {
      return stowage.census(CENSUS_AGE);
    } catch (StowageException closed) {
      return Optional.empty();
    }
  }

  /** Returns the state, as {@link #status} does. */
  public State state() {
    return status().state();
  }

  /** Returns the reason of the state in plain words, as {@link #status} does. */
  public String reason() {
    return status().reason();
  }

  private void enter(State next, String reason) {
    Status before = status.getAndUpdate(now -> now.entered(next, reason, nowNanos));
    if (next == State.STOPPED) {
      keeper.close();
    }
    if (!before.isOver() && before.state() != next && next != State.DEGRADED) {
      BestEffort.run(() -> log.info("{}: {}", next, reason));
    }
  }
}
