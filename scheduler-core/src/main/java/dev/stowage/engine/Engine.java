package dev.stowage.engine;

import dev.stowage.FleetCensus;
import dev.stowage.Preview;
import dev.stowage.StowageConfig;
import dev.stowage.StowageException;
import dev.stowage.StowageStats;
import dev.stowage.answer.Leaving;
import dev.stowage.answer.Question;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.engine.flight.Stopwatch;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.Subject;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.LoadGovernor.LoadDecision;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.store.FleetView;
import dev.stowage.store.Lease.LeaseAnswer;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.FleetServer.Renewal;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.StoreSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders all commands for the mirror or the inbox. One lock, held through the commit, makes the
 * order of execution that of the log; renewals bypass it, as a load may outlast a lease. Anybody's
 * commands wait in a {@link WriteQueue}, and the thread that drives it decides them in groups. A
 * plan is made without the lock, and commands go on beside it. A second lock, always taken first,
 * makes cycles, a leader's own commands and previews wait for the plan under way.
 */
public final class Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final ReentrantLock cycles = new ReentrantLock();

  /** Fair, so that the driver of the queue does not overtake a cycle again and again. */
  private final ReentrantLock lock = new ReentrantLock(true);

  private final FleetStore store;
  private final StowageConfig config;
  private final Dependencies dependencies;
  private final LongSupplier commitTicks;
  private final PartRecordings parts;
  private final FleetBook book;
  private final Sender sender;
  private final QueueDriver driver;
  private final @Nullable Executor executor;

  private volatile @Nullable LeaderTerm leadership;

  // Renewals use this session, which is set before the state is loaded.
  private volatile @Nullable StoreSession held;

  private volatile @Nullable StowageStats lastStats;
  private volatile long leasedAtNanos;
  private volatile boolean closed;

  // Hears of commands that may give the next cycle work.
  private volatile Runnable onWork = () -> {};

  public Engine(Dependencies dependencies, LongSupplier commitTicks) {
    this.dependencies = dependencies;
    this.store = dependencies.store();
    this.config = dependencies.config();
    this.commitTicks = commitTicks;
    this.executor = dependencies.executor();
    this.sender = new Sender(store.inbox(), config.queue().within(), executor);
    this.driver = new QueueDriver(config.queue(), lock, sender, executor, this::decide);
    this.parts = new PartRecordings(config.evidence().parts());
    this.book = new FleetBook(new EventLog(dependencies.events(), dependencies.listener()), parts);
  }

  public LeaseAnswer claim(Tick tick) {
    takeCycles();
    lock.lock();
    try {
      requireOpen();
      follow("it claims the lease again");
      long askedAtNanos = Stopwatch.nanos();
      Claim claim =
          store.claim(new LeaseRequest(config.lease().holder(), config.lease().duration()));
      if (claim instanceof Claim.Held held) {
        return new LeaseAnswer(false, held.lease());
      }
      leasedAtNanos = askedAtNanos;
      StoreSession session = ((Claim.Granted) claim).session();
      begin(session, tick);
      book.log().leading(config.lease().holder(), session.lease().epoch());
      return new LeaseAnswer(true, session.lease());
    } finally {
      lock.unlock();
      cycles.unlock();
    }
  }

  private void begin(StoreSession session, Tick tick) {
    held = session;
    boolean isDone = false;
    try {
      LeaderTerm begun =
          new LeaderTerm(
              dependencies, parts, book, session, this::outsideLock, driver.queue::reports);
      // Portals must not be told the routes of a lost lineage while this commit hangs.
      begun.settleLineage(tick);
      leadership = begun;
      isDone = true;
    } finally {
      if (!isDone) {
        held = null;
        session.close();
      }
    }
  }

  public boolean isLeading() {
    return leadership != null;
  }

  public Duration leaseDuration() {
    return config.lease().duration();
  }

  // Throws StowageException without a lease.
  public void renew() {
    if (!renewIfHeld()) {
      requireOpen();
      throw notLeading();
    }
  }

  public boolean renewIfHeld() {
    StoreSession session = held;
    if (session == null) {
      return false;
    }
    long askedAtNanos = Stopwatch.nanos();
    Optional<RuntimeException> failure = renewal(session).alone();
    if (failure.isEmpty()) {
      renewed(askedAtNanos);
      return true;
    }
    if (failure.get() instanceof StorageException.Fenced fenced) {
      return deposeIfHeld(session, fenced);
    }
    throw failure.get();
  }

  /** Notes that the lease was extended when asked at this time. */
  public void renewed(long askedAtNanos) {
    leasedAtNanos = askedAtNanos;
  }

  /** Returns the renewal of the session, even while the state is still loading. */
  public Optional<Renewal> renewal() {
    return Optional.ofNullable(held).map(this::renewal);
  }

  private Renewal renewal(StoreSession session) {
    return new Renewal(session, config.lease().duration());
  }

  // A session given up meanwhile is over; any other one was deposed.
  @SuppressWarnings("ReferenceEquality")
  private boolean deposeIfHeld(StoreSession session, StorageException.Fenced fenced) {
    if (session != held) {
      return false;
    }
    // Otherwise the thread with the lock learns it from the store.
    if (lock.tryLock()) {
      try {
        if (session == held) {
          deposed(fenced);
        }
      } finally {
        lock.unlock();
      }
    }
    throw fenced;
  }

  public void resign() {
    takeCycles();
    lock.lock();
    try {
      requireOpen();
      LeaderTerm leader = leadership;
      if (leader != null) {
        restParts(leader);
        leader.session.resign();
        follow("it gave the lease back");
      }
    } catch (StorageException.Fenced e) {
      deposed(e);
    } finally {
      lock.unlock();
      cycles.unlock();
    }
  }

  // Evidence that cannot be written must not keep the lease.
  private void restParts(LeaderTerm leader) {
    try {
      leader.commits.restParts();
    } catch (StorageException.Fenced e) {
      throw e;
    } catch (RuntimeException e) {
      book.log().failed(e);
    }
  }

  public void onWork(Runnable hint) {
    onWork = hint;
  }

  public PartRecordings parts() {
    return parts;
  }

  // A fenced command was certainly not committed: it goes to the inbox unless only a leader may
  // give it.
  public <R extends Result> R execute(Command<R> command, Tick tick) {
    if (CommandKind.kindOf(command).isLeadersOwn()) {
      return cycle(leader -> leader.execute(command, tick));
    }
    if (CommandKind.isOfACycle(command)) {
      return betweenPlans(command, tick);
    }
    if (lock.isHeldByCurrentThread()) {
      // A listener's command: it would wait for its own thread in the queue.
      return ask(leader -> leader.execute(command, tick), () -> sender.await(command, false));
    }
    requireOpen();
    if (leadership == null) {
      return sender.await(command, true);
    }
    Ticket<R> ticket = Ticket.awaited(command, tick);
    driver.await(ticket);
    if (ticket.isFollowed()) {
      return sender.await(command, true);
    }
    return ticket.get();
  }

  private <R extends Result> R betweenPlans(Command<R> command, Tick tick) {
    takeCycles();
    try {
      Optional<R> led = ask(leader -> Optional.of(leader.execute(command, tick)), Optional::empty);
      if (led.isPresent()) {
        return led.get();
      }
    } finally {
      cycles.unlock();
    }
    return sender.await(command, !lock.isHeldByCurrentThread());
  }

  /** Queues anybody's command for the executor. */
  public <R extends Result> CompletionStage<R> submit(Command<R> command, Tick tick) {
    requireOpen();
    if (executor == null) {
      throw new IllegalStateException("the facade was built without Builder.executor");
    }
    if (CommandKind.kindOf(command).isLeadersOwn() || CommandKind.isOfACycle(command)) {
      throw new IllegalArgumentException(
          CommandKind.kindOf(command) + " is a leader's own command, or one of a cycle: call it");
    }
    return driver.submit(command, tick);
  }

  private void decide(List<Ticket<?>> group) {
    LeaderTerm leader = leadership;
    try {
      if (!closed && leader != null) {
        leader.groups.executeAll(group);
        if (group.stream().anyMatch(it -> !(it.command() instanceof Command.Heartbeat))) {
          BestEffort.run(onWork);
        }
      }
    } catch (StorageException.Fenced e) {
      deposed(e);
      LOG.warn("the lease is lost, so this process answers as a follower: {}", e.getMessage());
    } finally {
      for (Ticket<?> ticket : group) {
        if (!ticket.isSettled() && closed) {
          ticket.fail(isOver());
        } else if (!ticket.isSettled()) {
          ticket.follow();
        }
      }
    }
  }

  /** Executes a command after which a worker may be switched off, at once or later. */
  public Leaving.StatusSet leave(Command<Result.Answer> command, WorkerId worker, Tick tick) {
    Result.Answer answer = execute(command, tick);
    boolean stays = command instanceof Command.SetStatus it && it.status() != WorkerStatus.LEAVING;
    return new Leaving.StatusSet(
        answer.code(),
        answer.reasons(),
        answer.isAccepted() && !stays ? leavingNow(worker) : Optional.empty());
  }

  // The status is durable already, so a failure here is reported separately.
  private Optional<Leaving> leavingNow(WorkerId worker) {
    try {
      return ask(Questions.leaving(worker));
    } catch (StorageException e) {
      book.log().failed(e);
      return Optional.empty();
    }
  }

  public <R> R ask(Question<R> question) {
    return ask(leader -> leader.foresight().reading().answer(question), () -> store.ask(question));
  }

  public Result.Published publish(Tick tick) {
    return cycle(leader -> leader.cycles.publish(commitTicks, tick));
  }

  // False while anything else is under way.
  public boolean rests(Tick tick) {
    if (!cycles.tryLock()) {
      return false;
    }
    try {
      if (!lock.tryLock()) {
        return false;
      }
      try {
        LeaderTerm leader = leadership;
        return leader != null && !closed && leader.cycles.rests(tick, commitTicks.getAsLong());
      } finally {
        lock.unlock();
      }
    } finally {
      cycles.unlock();
    }
  }

  public Result.Answer observe(PressureSnapshot sample, Tick measured, Tick now) {
    return ask(leader -> {
      ObservedPressure before = leader.kept(KeptValue.OBSERVED_PRESSURE);
      long last = before.measuredTick();
      if (measured.value() < last && last <= now.value()) {
        String what = "the sample was measured at tick " + measured;
        String why = what + ", before an accepted one of tick " + last;
        return new Result.Answer(ResultCode.STALE, List.of(why));
      }
      Result.Answer kept =
          leader.keep(KeptValue.OBSERVED_PRESSURE, before.with(sample, measured), now);
      if (!kept.isAccepted()) {
        return kept;
      }
      book.sampled(sample);
      return new Result.Answer(kept.code(), sample.complaints());
    });
  }

  public void heldUp(LoadDecision decision, List<ProposedChunk> chunks) {
    lock.lock();
    try {
      book.heldUp(decision, chunks);
    } finally {
      lock.unlock();
    }
  }

  public Result.Scheduled preview(Tick tick) {
    return cycle(leader -> leader.foresight().previewCycle(tick));
  }

  public Preview preview(List<Command<?>> commands, Tick tick) {
    requireAnybodys(commands);
    return cycle(leader -> leader.foresight().preview(commands, tick));
  }

  public Result.CarriedOut schedule(List<Command<?>> commands, String planHash, Tick tick) {
    requireAnybodys(commands);
    return execute(
        new Command.CarryOut(commands, planHash, LeaderTerm.named(config.lease().holder())), tick);
  }

  private static void requireAnybodys(List<Command<?>> commands) {
    for (Command<?> command : commands) {
      if (CommandKind.kindOf(command).isLeadersOwn()) {
        throw new IllegalArgumentException(
            CommandKind.kindOf(command) + " is a leader's own command, which no plan follows");
      }
    }
  }

  public FleetView view() {
    requireOpen();
    LeaderTerm leader = leadership;
    return leader == null ? store.view() : leader.view();
  }

  /** Returns the store, for its answers on any process. */
  public FleetStore store() {
    requireOpen();
    return store;
  }

  public AutoCloseable onNews(Runnable hint) {
    return store.inbox().onNews(hint);
  }

  public EvidenceLog evidence() {
    return ask(leader -> leader.recording().log());
  }

  public List<Explained> explain(Subject subject, RecordCatalog catalog) {
    return ask(leader -> {
      EvidenceLog log = leader.recording().log();
      long first = log.anchor().firstIndex();
      List<EvidenceRecord> known = new ArrayList<>(store.deeds());
      known.removeIf(deed -> deed.index() >= first);
      log.records().forEach(known::add);
      return catalog.explain(subject, known);
    });
  }

  public boolean takesSubmissions() {
    return executor != null;
  }

  /** Decides what waits in the log, and reports whether anything did; false without a lease. */
  public boolean decideLog(Tick tick) {
    boolean mayPlan = cycles.tryLock();
    try {
      return ask(leader -> leader.cycles.decideLog(mayPlan, tick), () -> false);
    } finally {
      if (mayPlan) {
        cycles.unlock();
      }
    }
  }

  public StowageStats stats() {
    StowageStats stats = ask(book::stats, () -> book.stats(null));
    lastStats = stats;
    return stats;
  }

  // -1 without a lease.
  public long leaseAgeNanos() {
    return held == null ? -1 : Math.max(0, Stopwatch.nanos() - leasedAtNanos);
  }

  /** Returns the figures that are read without the lock. */
  public FleetBook book() {
    return book;
  }

  public Optional<StowageStats> recentStats() {
    return tryAsk(() -> Optional.of(stats()), () -> Optional.ofNullable(lastStats));
  }

  public Optional<FleetCensus> census(long maxAgeNanos) {
    return tryAsk(
        () -> ask(leader -> Optional.of(book.census(leader, maxAgeNanos)), Optional::empty),
        book::lastCensus);
  }

  // Probes and scrapes never wait for a command: a probe that hangs is a restart.
  private <T> Optional<T> tryAsk(Supplier<Optional<T>> free, Supplier<Optional<T>> busy) {
    requireOpen();
    if (!lock.tryLock()) {
      return busy.get();
    }
    try {
      return free.get();
    } finally {
      lock.unlock();
    }
  }

  public FacadeProblems problems() {
    driver.takeOver();
    lock.lock();
    try {
      Optional<LeaderTerm> leader = Optional.ofNullable(leadership);
      return new FacadeProblems(
          leader.flatMap(it -> it.time.slow().inWords()),
          driver.noExecutor(),
          leader.flatMap(it -> it.recording().refusal()),
          leader.map(it -> it.recording().log().stats().waitingRecords()).orElse(0L),
          book.setAside(),
          book.lastCycle(),
          book.guarded(),
          leader.map(it -> it.time.patienceNanos()).orElse(0L));
    } finally {
      lock.unlock();
    }
  }

  public void hostFailed(Throwable failure) {
    lock.lock();
    try {
      book.log().failed(failure);
    } finally {
      lock.unlock();
    }
  }

  public void close() {
    takeCycles();
    lock.lock();
    try {
      closed = true;
      sender.close(isOver());
      follow("it was closed; the lease runs on until it expires");
    } finally {
      lock.unlock();
      cycles.unlock();
      driver.answerAll();
    }
  }

  /** Asks what feeds the planner or moves the fleet on; waits for the plan under way. */
  public <T> T cycle(Function<LeaderTerm, T> work) {
    takeCycles();
    try {
      return ask(work);
    } finally {
      cycles.unlock();
    }
  }

  // A listener that runs under the lock gives it up, as the cycle that it waits for needs it.
  private void takeCycles() {
    if (cycles.tryLock()) {
      return;
    }
    LeaderTerm leader = leadership;
    if (lock.isHeldByCurrentThread() && leader != null && leader.commits.isDeciding()) {
      throw new IllegalStateException(
          "a cycle is under way and a command is being decided; a listener that hears of the"
              + " decision must not wait for the cycle");
    }
    driver.withoutLock(cycles::lock);
  }

  // Throws StowageException if the leadership ended meanwhile, even if another one began.
  @SuppressWarnings("ReferenceEquality")
  private void outsideLock(Runnable work) {
    LeaderTerm before = leadership;
    driver.withoutLock(work);
    requireOpen();
    if (leadership != before) {
      throw notLeading();
    }
  }

  public <T> T ask(Function<LeaderTerm, T> work) {
    lock.lock();
    try {
      requireOpen();
      return leader().distrustingErrors(work);
    } catch (StorageException.Fenced e) {
      deposed(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  public <T> T ask(Function<LeaderTerm, T> mirrored, Supplier<T> otherwise) {
    lock.lock();
    try {
      requireOpen();
      LeaderTerm leader = leadership;
      if (leader != null) {
        try {
          return leader.distrustingErrors(mirrored);
        } catch (StorageException.Fenced e) {
          deposed(e);
          LOG.warn("the lease is lost, so this process answers as a follower: {}", e.getMessage());
        }
      }
      return otherwise.get();
    } finally {
      lock.unlock();
    }
  }

  private LeaderTerm leader() {
    LeaderTerm leader = leadership;
    if (leader == null) {
      throw notLeading();
    }
    return leader;
  }

  private StowageException notLeading() {
    return new StowageException(
        StowageException.Reason.NOT_LEADING, "this process does not lead" + whoDoes());
  }

  private String whoDoes() {
    try {
      return store
          .lease()
          .map(it -> "; " + it.inWords() + ": call the process of that name")
          .orElse("; nobody holds the lease, so claim it first");
    } catch (StorageException e) {
      return "; the store does not say who does: " + e.getMessage();
    }
  }

  private void deposed(StorageException.Fenced fenced) {
    book.fenced(String.valueOf(fenced.getMessage()));
    follow(String.valueOf(fenced.getMessage()));
  }

  private void follow(String reason) {
    LeaderTerm leader = leadership;
    if (leader != null) {
      leadership = null;
      held = null;
      leader.session.close();
      book.follows(reason);
      leader.recording().hand(book.log()::failed);
    }
  }

  public boolean isClosed() {
    return closed;
  }

  public void requireOpen() {
    if (closed) {
      throw isOver();
    }
  }

  private static StowageException isOver() {
    return new StowageException(StowageException.Reason.CLOSED, "the facade was closed");
  }
}
