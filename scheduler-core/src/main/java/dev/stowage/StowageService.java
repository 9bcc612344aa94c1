package dev.stowage;

import dev.stowage.audit.AuditFinding;
import dev.stowage.content.PriorityClass;
import dev.stowage.engine.Complaints;
import dev.stowage.engine.LeaseKeeper;
import dev.stowage.engine.Quietly;
import dev.stowage.engine.Standing;
import dev.stowage.engine.Yielding;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.Nanos;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.Message;
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
 * Runs a facade: claims the lease, renews it, and runs both cycles and retention, in turns on an
 * executor that the host supplies and keeps. Moves go with the scheduling cycle where the facade
 * has a rebalancer; transfers and propagation are run where the host hands them over ({@link
 * #transferring}, {@link #propagating}). The one convenience of the library that runs loops; a host
 * with a loop of its own calls {@link #turn} there instead.
 *
 * <p>Whatever a turn throws is counted, logged and shown, errors of host code (a listener, a
 * planner, the clock) and of the machine included, and the next turn tries again; a fenced facade
 * follows until the lease is free again. What an audit finds stops the command that it judged, and
 * degrades the service until audits pass. Any other broken promise of ours ({@link
 * InvariantViolation}) ends the service: it never limps on.
 *
 * <p>Once it was started the lease is renewed beside the turns, from a daemon thread of its own, so
 * that a load or a plan may take longer than a lease. A host that calls {@link #turn} in a loop of
 * its own calls {@link Stowage#renew} beside it where a turn may take that long.
 *
 * <p>{@link #status} says how it is, at any time and from any thread, whatever a turn waits for. A
 * service that is over stays so: {@link #turn} and {@link #start} throw {@link StowageException}.
 * Thread-safe; one turn is taken at a time.
 */
public final class StowageService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StowageService.class);
  private static final Duration CENSUS_AGE = Duration.ofSeconds(10);
  private static final String SHUT_DOWN = "its executor was shut down";
  private static final String HANGS =
      "a turn has not ended for so long that the lease is renewed no more: another service may"
          + " lead";

  /** A host's clock that stands still must not make the executor spin. */
  private static final long LEAST_PAUSE_NANOS = 5_000_000;

  private static final String SLOW =
      "a turn has not ended for a fifth of longestTurn; if it leads, the lease is still renewed for"
          + " it, and nobody else does";

  private final Stowage stowage;
  private final ScheduledExecutorService executor;
  private final LongSupplier clockNanos;
  private final Pace pace;
  private final Duration renewEvery;
  private final LeaseKeeper keeper;
  private final Deliveries deliveries;
  private final AtomicBoolean wakesSoon = new AtomicBoolean();
  private final AtomicBoolean wakesLater = new AtomicBoolean();
  private final Logger log;
  private final AtomicReference<Status> status = new AtomicReference<>(Status.FIRST);
  private volatile @Nullable ScheduledFuture<?> loop;
  private volatile @Nullable LongFunction<PressureSnapshot> samples;

  /** Held by whoever takes a turn; what follows belongs to it. */
  private final ReentrantLock turning = new ReentrantLock();

  private final Complaints complaints;
  private final Yielding yielding;
  private boolean claimed;
  private boolean hasTime;

  /** In how many turns the host's clock has not gone forward, and how long these count. */
  private long stillTurns;

  private long stillNanos;
  private long sinceRenewal;
  private long sincePurge;

  /** Why a cycle of the turn at hand was refused for its time; null if none was. */
  private @Nullable String refused;

  /** What audits found first in the turn at hand; null if nothing. */
  private @Nullable AuditFinding found;

  /** What host code threw first in a step that holds up no other one; null if nothing. */
  private @Nullable Throwable hindered;

  /** Written by turns alone. */
  private volatile long nowNanos;

  /** Takes what goes out to workers: the host's transport. Called by the thread of the turn. */
  @FunctionalInterface
  public interface Sender {
    /**
     * Begins to send, and does not wait for the end. The host answers for each item that it took
     * once, with {@link #submit}: a transfer that is never answered for is never sent again. What
     * is thrown fails the item, so that it goes again later, and counts as a failure of the host.
     *
     * @param item a {@link Transfers.Transfer}, or an item that the host queued itself
     * @return whether it was taken; if not, there is no room: it is offered again, before all
     *     others, when something is submitted or with the next turn
     */
    boolean send(Transfers.ToSend item);
  }

  /** Takes messages to workers and portals. Called by the thread of the turn. */
  @FunctionalInterface
  public interface Courier {
    /**
     * Sends to the recipient of a message. What is thrown counts as a failure of the host, and as a
     * message that was {@link AssignmentPropagation#refused}.
     */
    void send(Message message);
  }

  /** How a service is. */
  public enum State {
    /** No turn has ended yet. */
    STARTING,
    /**
     * The last turn led throughout. The reason names workers that are guarded, those that stuck
     * replicas should leave, and news that was set aside, while there are such.
     */
    LEADING,
    /** Somebody else holds the lease. */
    STANDBY,
    /**
     * The last turn failed, leading or trying to, or hangs, or an audit stopped a cycle, or one was
     * refused for its time, or time stands still or goes too slowly, or the recorder refuses
     * records; the next one tries again. A leader whose turns have come to nothing for three leases
     * gives its lease back, and stands aside for a third of one.
     */
    DEGRADED,
    /** It is over: closed, or ended by a broken promise, or without an executor or a facade. */
    STOPPED
  }

  /**
   * How a service is at one moment. Immutable.
   *
   * @param state in one word
   * @param reason why, in plain words: who leads and until when, or what failed; never empty
   * @param sinceNanos when the state began, as the turn before or in which it did read the host's
   *     clock; 0 before the first turn
   * @param turns how many turns were begun
   * @param failedTurns how many of them failed
   * @param lastFailure what the last of these threw; empty if none has
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

    /** Refuses nulls. */
    public Status {
      Objects.requireNonNull(state, "state");
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(lastFailure, "lastFailure");
    }

    private boolean isOver() {
      return state == State.STOPPED;
    }

    /** What is over stays so. */
    private Status entered(State next, String why, long nowNanos) {
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
   * How often things happen, on the host's clock. Where that does not go forward from one turn to
   * the next, the turn counts as {@code turnEvery}; where it leaps, once is enough.
   *
   * @param turnEvery the pause between two turns, each with both cycles
   * @param renewEvery how old a lease may grow before it is renewed; it is renewed three times at
   *     least while it lasts, whatever this says
   * @param purgeEvery how often retention runs
   * @param longestTurn for how long the lease is renewed within one turn, by the machine's clock; a
   *     turn that takes longer hangs, and another service may lead then. Longer than the fleet
   *     takes to load and to plan
   */
  public record Pace(
      Duration turnEvery, Duration renewEvery, Duration purgeEvery, Duration longestTurn) {
    /** A turn each second, a renewal every ten, retention each hour; no turn over ten minutes. */
    public static final Pace DEFAULT =
        new Pace(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            Duration.ofMinutes(10));

    private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE);

    /** Refuses a pause that is not above zero. */
    public Pace {
      above(turnEvery, "turnEvery");
      above(renewEvery, "renewEvery");
      above(purgeEvery, "purgeEvery");
      above(longestTurn, "longestTurn");
    }

    /** With the longest turn of {@link #DEFAULT}. */
    public Pace(Duration turnEvery, Duration renewEvery, Duration purgeEvery) {
      this(turnEvery, renewEvery, purgeEvery, Duration.ofMinutes(10));
    }

    private static void above(Duration pause, String what) {
      if (Objects.requireNonNull(pause, what).isNegative() || pause.isZero()) {
        throw new IllegalArgumentException(what + " is " + pause + "; above zero is accepted");
      }
    }

    /** What is longer than 292 years is as long. */
    private static long nanos(Duration pause) {
      return pause.compareTo(MOST) > 0 ? Long.MAX_VALUE : pause.toNanos();
    }
  }

  /**
   * A service that has not begun.
   *
   * @param stowage what it runs; stays the caller's
   * @param executor where its turns run; stays the caller's
   * @param clockNanos the host's time, nanoseconds since an epoch of its choice; asked once a turn
   * @param pace how often
   */
  public StowageService(
      Stowage stowage, ScheduledExecutorService executor, LongSupplier clockNanos, Pace pace) {
    this(stowage, executor, clockNanos, pace, LOG);
  }

  /** For tests that read what is logged. */
  StowageService(
      Stowage stowage,
      ScheduledExecutorService executor,
      LongSupplier clockNanos,
      Pace pace,
      Logger log) {
    this.stowage = Objects.requireNonNull(stowage, "stowage");
    this.executor = Objects.requireNonNull(executor, "executor");
    this.clockNanos = Objects.requireNonNull(clockNanos, "clockNanos");
    this.pace = Objects.requireNonNull(pace, "pace");
    this.renewEvery = LeaseKeeper.pause(pace.renewEvery(), stowage.leaseDuration());
    this.keeper =
        new LeaseKeeper(stowage::renewIfHeld, renewEvery, pace.turnEvery(), pace.longestTurn());
    this.log = log;
    this.deliveries = new Deliveries(stowage, () -> !isOver(), log);
    this.complaints = new Complaints(log);
    this.yielding = new Yielding(stowage.leaseDuration(), pace.turnEvery());
  }

  /**
   * Observes the pressure on this machine in every turn that leads, before its scheduling cycle;
   * costs one commit a turn. What {@code samples} throws fails the turn.
   *
   * @param samples answers with the pressure at the host's time, such as {@code now ->
   *     sampler.sample(JvmLoad.measured(), now).snapshot()} of a {@link
   *     dev.stowage.pressure.MachineSampler}; called by the thread of the turn
   * @return this service
   */
  public StowageService observing(LongFunction<PressureSnapshot> samples) {
    this.samples = Objects.requireNonNull(samples, "samples");
    return this;
  }

  /**
   * Runs transfers: each turn that leads follows the newest assignment after its scheduling cycle
   * and hands the sender what may go, until nothing may or the sender has no room. They belong to
   * the service from now on: the host uses them, and their scheduler, in {@link #submit} alone. A
   * process that leads again goes on with them: what is still on the way goes no second time.
   *
   * @param transfers of the facade that the service runs
   * @return this service
   * @throws IllegalArgumentException if they are of another facade
   * @throws IllegalStateException if the service has transfers already
   */
  public StowageService transferring(Transfers transfers, Sender sender) {
    Objects.requireNonNull(transfers, "transfers");
    deliveries.transfer(transfers, Objects.requireNonNull(sender, "sender"));
    return this;
  }

  /**
   * Runs propagation: each turn that leads follows the newest assignments after its visibility
   * cycle and hands the courier what may go. It belongs to the service from now on: the host
   * registers recipients before that, or in {@link #submit}, like all else.
   *
   * @param news of the facade that the service runs
   * @return this service
   * @throws IllegalStateException if the service has a propagation already
   */
  public StowageService propagating(AssignmentPropagation news, Courier courier) {
    Objects.requireNonNull(news, "news");
    deliveries.propagate(news, Objects.requireNonNull(courier, "courier"));
    return this;
  }

  /**
   * Does work alone with what belongs to turns, such as {@code submit(now ->
   * transfers.arrived(id))} when something has arrived. It is done in the order of submission, by
   * the thread that takes the next turn or calls {@link #deliver}; a service that was started does
   * so at once. Never waits, whatever a turn waits for.
   *
   * @param work is given the host's time; must be quick, and is best not to call the facade
   * @return what the work returns or throws; a {@link StowageException} if the service is over
   *     first
   * @throws StowageException if the service is over
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

  /**
   * Counts what waits of one class of transfers.
   *
   * @param items how many items, those that the host queued itself included
   * @param bytes their bytes
   */
  public record Waiting(long items, long bytes) {}

  /**
   * Returns what of a class waited in the turn after this was called last; nothing before that, and
   * without {@link #transferring}. Never waits.
   */
  public Waiting waiting(PriorityClass of) {
    return deliveries.waiting(Objects.requireNonNull(of, "of"));
  }

  // ---- the loop ----

  /**
   * Begins to take turns; does nothing if it has begun.
   *
   * @throws StowageException if the service is over
   * @throws RejectedExecutionException if the executor refuses; one that was shut down ends the
   *     service
   */
  public synchronized void start() {
    requireGoing();
    if (loop != null) {
      return;
    }
    ScheduledFuture<?> begun;
    try {
      long every = Pace.nanos(pace.turnEvery());
      begun = executor.scheduleWithFixedDelay(this::run, 0, every, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      throw executor.isShutdown() ? withoutExecutor(e) : e;
    }
    if (executor.isShutdown()) {
      // It takes what it will never run.
      begun.cancel(false);
      throw withoutExecutor(null);
    }
    loop = begun;
    keeper.start();
    if (status.get().isOver()) {
      begun.cancel(false);
      keeper.close();
    }
  }

  private RejectedExecutionException withoutExecutor(@Nullable Throwable cause) {
    enter(State.STOPPED, SHUT_DOWN);
    return new RejectedExecutionException(
        "the service cannot start: " + SHUT_DOWN + "; make another service, with one that runs",
        cause);
  }

  /** A turn of the loop: an executor takes no further one of a task that throws. */
  private void run() {
    try {
      if (!status().isOver()) {
        turn();
        wake(deliveries.dueAfterNanos(), wakesLater);
      }
    } catch (Throwable e) {
      // Shown already, unless not even that could be done: then the next turn tries.
      Quietly.run(() -> log.debug("the turn threw", e));
    }
  }

  /** Lets something go before the next turn. */
  private void wake(long nanos, AtomicBoolean wakes) {
    if (loop == null || nanos >= Pace.nanos(pace.turnEvery()) || wakes.getAndSet(true)) {
      return;
    }
    try {
      long pause = nanos == 0 ? 0 : Math.max(nanos, LEAST_PAUSE_NANOS);
      // What it throws is logged there.
      ScheduledFuture<?> unused =
          executor.schedule(() -> wakeUp(wakes), pause, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The next turn does it; that there is none the status says.
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
      Quietly.run(() -> log.debug("what was done between turns threw", e));
    }
  }

  /**
   * Takes no further turn. A turn in progress ends first, after the command that it waits for,
   * unless this is called from within it. The facade and the executor stay as they are, and the
   * lease is not given back: {@link Stowage#resign} does that. To close it again changes nothing.
   */
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

  private void end(String reason) {
    enter(State.STOPPED, reason);
    deliveries.end(over(status.get()));
    ScheduledFuture<?> running = loop;
    if (running != null) {
      running.cancel(false);
    }
  }

  /** Once over, always over. */
  private void requireGoing() {
    Status now = status();
    if (now.isOver()) {
      throw over(now);
    }
  }

  private static StowageException over(Status now) {
    StowageException over =
        new StowageException(
            StowageException.Reason.CLOSED, "the service is over: " + now.reason());
    now.lastFailure().filter(StowageService::isFatal).ifPresent(over::initCause);
    return over;
  }

  private boolean isOver() {
    return status.get().isOver();
  }

  /** What an audit found was stopped before it did anything; another broken promise was not. */
  private static boolean isFatal(Throwable failure) {
    return failure instanceof InvariantViolation && !(failure instanceof AuditFinding);
  }

  // ---- a turn ----

  /**
   * Takes one turn: does what was submitted, claims or renews the lease, observes, schedules,
   * follows and sends transfers, publishes, propagates, and purges where that is due.
   *
   * @return whether this process led throughout the turn; false too where the turn failed, or a
   *     cycle was refused for its time, as {@link #status} tells
   * @throws InvariantViolation if a promise of ours is broken, and no audit stopped that in time;
   *     the service is over
   * @throws StowageException if the service is over already
   * @throws IllegalStateException if it is called from within a turn
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
   * Does what was submitted, and sends what may go, without a cycle: between two turns. A service
   * that was started does it by itself; a host with a loop of its own calls it when something was
   * submitted, and after as many nanoseconds as it returns. What fails in it counts as a failed
   * turn.
   *
   * @return after how many nanoseconds more may go; {@link Long#MAX_VALUE} if nothing waits for
   *     time
   * @throws InvariantViolation as {@link #turn} does
   * @throws StowageException if the service is over already
   * @throws IllegalStateException if it is called from within a turn
   */
  public long deliver() {
    beginAlone();
    try {
      requireGoing();
      long now = clockNanos.getAsLong();
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
      throw new IllegalStateException("a turn is in progress; what it calls takes no other");
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
    if (stowage.isClosed()) {
      end("its facade was closed");
    }
    failed(failure);
  }

  private InvariantViolation broken(InvariantViolation promise) {
    status.updateAndGet(now -> now.failed(promise));
    Quietly.run(() -> log.error("a promise of the library is broken, the service ends", promise));
    end("a promise of the library is broken: " + Quietly.textOf(promise));
    return promise;
  }

  /**
   * Gives the lease back where turns have come to nothing for long: another process may have the
   * clock, or the planner, that this one lacks.
   */
  private void judge(boolean succeeded) {
    if (succeeded || !stowage.isLeading()) {
      yielding.succeeded();
    } else if (yielding.failed()) {
      String reason = "gave the lease back, so that another service may lead: " + reason();
      enter(State.DEGRADED, reason);
      Quietly.run(() -> log.warn(reason));
      Quietly.run(stowage::resign);
    }
  }

  /** Each step may be the last: whoever closes the service waits for one at most. */
  private boolean leadAndRun() throws Throwable {
    long now = clockNanos.getAsLong();
    pass(now);
    refused = null;
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
            && goesOn(() -> purge(now));
    if (!leads) {
      // What waits is given up, and items of the host go.
      deliveries.goOn(now);
    }
    if (found != null) {
      throw found;
    }
    if (hindered != null) {
      throw hindered;
    }
    if (!led) {
      yielding.succeeded();
      return false;
    }
    complaints.auditsPass();
    Standing standing = stowage.standing();
    if (complaints.setAside(standing)) {
      countSetAside();
    }
    Optional<String> frozen = frozen(standing);
    Optional<String> wrong = complaints.wrong(Optional.ofNullable(refused), frozen, standing);
    String reason = complaints.words(wrong.orElse("leads as " + stowage.holder()));
    enter(wrong.isPresent() ? State.DEGRADED : State.LEADING, reason);
    judge(refused == null && frozen.isEmpty() && standing.slowTime().isEmpty());
    return refused == null;
  }

  private void schedule(long now) {
    LongFunction<PressureSnapshot> asked = samples;
    if (asked != null) {
      stowage.observe(asked.apply(now), now);
    }
    Result.Scheduled cycle = stowage.schedule(now);
    heed(cycle.refused(), cycle.guarded());
    if (cycle.refused().isEmpty()) {
      complaints.stuck(cycle.stuck());
    }
  }

  private void publish(long now) {
    Result.Published cycle = stowage.publish(now);
    heed(cycle.refused(), cycle.guarded());
  }

  /** A cycle that was refused for its time kept nobody. */
  private void heed(Optional<Result.Answer> refusal, List<WorkerId> guarded) {
    heed(refusal);
    if (refusal.isEmpty()) {
      complaints.guarded(guarded);
    }
  }

  private void countSetAside() {
    complaints.kept(stowage.quarantine(-1, Complaints.MOST_COUNTED).size());
  }

  /** That the host's clock stands still, where that has lasted; a store's clock says more. */
  private Optional<String> frozen(Standing standing) {
    boolean isStill = stillTurns > 0 && stillNanos >= standing.patienceNanos();
    return standing.slowTime().isPresent() || !isStill
        ? Optional.empty()
        : Optional.of(
            "time stands still: the clock of this service has not gone forward in "
                + stillTurns
                + " turns, and shows "
                + nowNanos
                + " ns; mend it");
  }

  /** A cycle that was refused for its time: there is nothing to throw, and much to say. */
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

  /** What host code throws at this step holds up none behind it, and fails the turn at its end. */
  private void apart(Runnable step) {
    try {
      step.run();
    } catch (StorageException | InvariantViolation e) {
      throw e;
    } catch (RuntimeException | Error e) {
      hindered = hindered == null ? e : hindered;
    }
  }

  /** A step that an audit stopped changed nothing, and does not hold up those behind it. */
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
      if (yielding.standsAside()) {
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
    if (!claimed || sinceRenewal >= Pace.nanos(renewEvery)) {
      stowage.renew();
      claimed = true;
      sinceRenewal = 0;
    }
    return true;
  }

  private void purge(long now) {
    if (sincePurge >= Pace.nanos(pace.purgeEvery())) {
      heed(stowage.purge(now).refused());
      sincePurge = 0;
      if (complaints.isKeeping()) {
        countSetAside();
      }
    }
  }

  /** Adds up what the host's clock went forward, so that no leap back holds anything up. */
  private void pass(long now) {
    long before = nowNanos;
    nowNanos = now;
    if (hasTime) {
      long passed = now > before ? Nanos.between(before, now) : Pace.nanos(pace.turnEvery());
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
    String reason = "the last turn failed: " + Quietly.textOf(failure);
    enter(State.DEGRADED, reason);
    if (before.isOver()) {
      // Whoever ended it cut this turn short.
      Quietly.run(() -> log.info("a turn ended with its service: {}", reason));
    } else if (before.state() == State.DEGRADED && before.reason().equals(reason)) {
      Quietly.run(() -> log.warn("again, {}", reason));
    } else if (failure instanceof StorageException.Fenced) {
      Quietly.run(() -> log.warn(reason));
    } else {
      Quietly.run(() -> log.warn(reason, failure));
    }
  }

  // ---- how it is ----

  /**
   * How it is now. Never waits, neither for a turn in progress nor for the store: of a turn in
   * progress it tells what was before, but for the number of turns begun. Of one that takes longer
   * than a fifth of {@code longestTurn}, that it does: then it is {@link State#DEGRADED}.
   */
  public Status status() {
    ScheduledFuture<?> running = loop;
    if (running != null && !status.get().isOver()) {
      if (executor.isShutdown()) {
        enter(State.STOPPED, SHUT_DOWN);
      } else if (running.isDone()) {
        enter(State.STOPPED, "its loop was cancelled");
      }
    }
    Status now = status.get();
    if (keeper.hasGivenUp()) {
      return now.entered(State.DEGRADED, HANGS, nowNanos);
    }
    return keeper.isSlow() ? now.entered(State.DEGRADED, SLOW, nowNanos) : now;
  }

  /**
   * Says how well a service and its fleet are.
   *
   * @param level in one word
   * @param reasons why, in plain words, the state of the service first; never empty
   */
  public record Health(Level level, List<String> reasons) {
    /** Copies the list. */
    public Health {
      Objects.requireNonNull(level, "level");
      reasons = List.copyOf(reasons);
    }

    /** One word for how well a service is. */
    public enum Level {
      /** It leads, or another process does, and readers lose nothing. */
      UP,
      /**
       * It starts, or is {@link State#DEGRADED}, or readers could lose a chunk or see one nowhere.
       */
      DEGRADED,
      /** It is over. */
      DOWN
    }
  }

  /**
   * Returns how well the service is, for a load balancer or an orchestrator. {@link
   * Health.Level#DOWN} is worth a restart, {@link Health.Level#DEGRADED} is not: the service tries
   * again by itself, or the fleet has to be mended. While it leads this may wait for a command in
   * progress.
   */
  public Health health() {
    Status now = status();
    List<String> reasons = new ArrayList<>(List.of(now.state() + ": " + now.reason()));
    if (now.state() == State.STOPPED) {
      return new Health(Health.Level.DOWN, reasons);
    }
    Optional<FleetCensus> census = stowage.isLeading() ? census() : Optional.empty();
    int atRisk = census.map(FleetCensus::atRisk).orElse(0);
    int dark = census.map(FleetCensus::dark).orElse(0);
    if (atRisk > 0) {
      reasons.add(atRisk + (atRisk == 1 ? " chunk is" : " chunks are") + " at risk");
    }
    if (dark > 0) {
      reasons.add(
          dark + (dark == 1 ? " visible chunk" : " visible chunks") + " can be read nowhere");
    }
    boolean isWell = now.state() == State.LEADING || now.state() == State.STANDBY;
    boolean isUp = isWell && atRisk + dark == 0;
    return new Health(isUp ? Health.Level.UP : Health.Level.DEGRADED, reasons);
  }

  private Optional<FleetCensus> census() {
    try {
      return stowage.census(CENSUS_AGE);
    } catch (StowageException closed) {
      return Optional.empty();
    }
  }

  /** How it is, in one word; as {@link #status}. */
  public State state() {
    return status().state();
  }

  /** Why it is so, in plain words; as {@link #status}. */
  public String reason() {
    return status().reason();
  }

  /** How many turns were begun; as {@link #status}. */
  public long turns() {
    return status().turns();
  }

  /** How many turns failed; as {@link #status}. */
  public long failedTurns() {
    return status().failedTurns();
  }

  /** What the last turn that failed threw, null if none has; as {@link #status}. */
  public @Nullable Throwable lastFailure() {
    return status().lastFailure().orElse(null);
  }

  /**
   * How many renewals beside the turns have failed; what stands behind it a turn meets as well, and
   * says.
   */
  public long failedRenewals() {
    return keeper.failed();
  }

  private void enter(State next, String reason) {
    Status before = status.getAndUpdate(now -> now.entered(next, reason, nowNanos));
    if (next == State.STOPPED) {
      keeper.close();
    }
    if (!before.isOver() && before.state() != next && next != State.DEGRADED) {
      Quietly.run(() -> log.info("{}: {}", next, reason));
    }
  }
}
