package dev.stowage.engine;

import dev.stowage.StageTimes.Stage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageListener;
import dev.stowage.audit.Audit;
import dev.stowage.engine.flight.Span;
import dev.stowage.engine.flight.Stopwatch;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.CyclePlan;
import dev.stowage.lifecycle.Forecast;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LineageBegun;
import dev.stowage.lifecycle.Moved;
import dev.stowage.lifecycle.PlanningAdvice;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.Violation;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.ReplicaRows;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.PoolFactor;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveIntent;
import dev.stowage.rebalance.RebalancePass;
import dev.stowage.store.AssignmentIds;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.Commit;
import dev.stowage.store.Commit.CommitKey;
import dev.stowage.store.Commit.CommitOutcome;
import dev.stowage.store.FleetView;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.News;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreSession;
import dev.stowage.store.StoreTransaction;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One term of leading: session, mirror, and the way of a command to the disk. A failed commit is
 * undone in the journal, or else by a reload; an unknown outcome is queried by its key. After the
 * commit failures go to {@link StowageListener#failed}. Guarded by the engine's lock.
 */
public final class LeaderTerm {
  /** The smallest id of a transfer. */
  public static final long FIRST_TRANSFER = 1L << 62;

  /** The plans of one cycle that are made anew because a failed commit had the state reloaded. */
  private static final int MOST_RELOADS = 3;

  /** The chunks that the planner is fed before others' commands have their turn. */
  private static final int FED_AT_ONCE = 1 << 14;

  private final ChunkStore store;
  private final StoreSession session;
  private final PlacementPlanner planner;
  private final StowageListener listener;
  private final StepAudit audit;
  private final Turn engineTurn;
  private final Supplier<List<Command<?>>> waiting;
  private final ChangeNotes notes = new ChangeNotes();
  private NewestChanges newest = new NewestChanges();

  private final List<WeakReference<ChangeNotes>> watches = new ArrayList<>();

  private final EngineWatch watch;
  private final LeaderTime time;
  private final EvidenceTrails trails;
  private final PartTapes parts;
  private final Quarantine quarantine = new Quarantine();
  private EvidenceTrail trail;
  private LifecycleState mirror;
  private Lifecycle lifecycle;
  private long sequence;
  private long transferIds;
  private boolean stale;

  private boolean isDeciding;

  // Whether no plan is under way or about to be carried out, so that another one may be made.
  private boolean isBetweenPlans;

  // Whether the log goes on with a request that waits for such a moment.
  private boolean isRequested;

  private boolean isDurable;

  // Whether nobody knows if the last commit happened.
  private boolean isInDoubt;

  private boolean isResting;

  private boolean offersWait = true;
  private List<WorkerId> unreachable = List.of();
  private long failedBytes;
  private PlanningAdvice lastGiven = PlanningAdvice.NONE;
  private PlanningAdvice lastAdvice = PlanningAdvice.NONE;
  private volatile FleetView view;

  /** The position of the store's log as this leader loaded the fleet. */
  private final Optional<String> keptPosition;

  /** Gives up the engine's lock for some work, which must not touch the mirror. */
  @FunctionalInterface
  interface Turn {
    /** Throws {@code StowageException} if the leadership ended meanwhile. */
    void apart(Runnable work);
  }

  private record Executed<R extends Result>(
      Tick tick, Command<R> command, Lifecycle.Outcome<R> outcome) {}

  LeaderTerm(
      Dependencies dependencies,
      PartTapes parts,
      EngineWatch watch,
      StoreSession session,
      Turn engineTurn,
      Supplier<List<Command<?>>> waiting) {
    this.engineTurn = engineTurn;
    this.waiting = waiting;
    this.parts = parts;
    this.watch = watch;
    this.store = dependencies.store();
    this.session = session;
    this.planner = dependencies.planner();
    this.lifecycle = new Lifecycle(planner);
    this.listener = dependencies.listener();
    StowageConfig config = dependencies.config();
    this.time = new LeaderTime(store, config);
    this.audit = new StepAudit(config.audit());
    this.trails =
        new EvidenceTrails(
            config, dependencies.recorder(), listener::failed, parts, session.lease().epoch());
    LoadedFleet loaded = load();
    if (loaded.state().isEmpty()) {
      loaded = session.found(config.fleet());
    }
    this.mirror = StoreTerms.mirrorOf(loaded);
    this.keptPosition = loaded.logPosition();
    lifecycle.loaded(mirror);
    this.trail = openTrail(loaded);
    recordTick(loaded);
    this.view = FleetView.of(mirror);
    watch.leads(mirror);
    attempt(trail::tellWhatItTakes);
  }

  // A fleet without evidence had no commits since it began.
  private EvidenceTrail openTrail(LoadedFleet loaded) {
    EvidenceTrail opened = trails.continuing(loaded.evidenceHead());
    if (loaded.evidenceHead().isEmpty()) {
      opened.stage(new EngineRecords.Founded(mirror.lineage(), mirror.config()));
      opened.keep();
    }
    return opened;
  }

  // Cycles that changed nothing left only their tick, without evidence.
  private void recordTick(LoadedFleet loaded) {
    if (mirror.largestTick().compareTo(loaded.committedTick()) > 0) {
      trail.stage(new EngineRecords.Seen(mirror.largestTick()));
      trail.keep();
    }
  }

  void settleLineage(Tick tick) {
    if (!mirror.lineage().equals(session.lease().lineage())) {
      FleetRow before = mirror.fleetRow();
      execute(new Command.BeginLineage(session.lease().lineage()), tick);
      watch.log().lineage(lineageBegun(before));
    }
  }

  private LineageBegun lineageBegun(FleetRow before) {
    int[] owed = new int[1];
    mirror.forEachWorker(worker -> owed[0] += mirror.owesInventory(worker) ? 1 : 0);
    FleetRow.Time time = before.time();
    return new LineageBegun(
        before.lineage(),
        mirror.lineage(),
        "the store may have lost commits: its server is another one, or fell back",
        Tick.of(before.largestTick()),
        time.isRead() ? OptionalLong.of(time.clockNanos()) : OptionalLong.empty(),
        keptPosition,
        Tick.of(mirror.fleetRow().deleteFromTick()),
        owed[0]);
  }

  public <R extends Result> R execute(Command<R> command, Tick tick) {
    Optional<R> refused = refusal(command, tick);
    if (refused.isPresent()) {
      return refused.get();
    }
    if (command instanceof Command.Schedule cycle) {
      return command.kind().answer(schedule(cycle, VictimScores.NONE, tick));
    }
    if (command instanceof Command.Purge purge) {
      time.watch(mirror(), tick, listener);
      return command.kind().answer(purge(purge, tick));
    }
    Span span = Span.begin(Stage.COMMAND).of(command.kind().toString(), tick.value());
    try {
      if (command.isOfACycle()) {
        warmUp(standingAdvice(), time.counted(mirror(), tick));
      }
      R result = transact(() -> hearing(command, tick), null, tick);
      span.answered(result.code().name());
      return result;
    } finally {
      watch.end(span);
    }
  }

  // Too large for evidence: answered and not recorded.
  private <R extends Result> Optional<R> refusal(Command<R> command, Tick tick) {
    Optional<R> refused = Lifecycle.refusal(mirror(), command);
    refused.ifPresent(answer -> listener.executed(tick, command, answer));
    return refused;
  }

  /**
   * Executes anybody's commands in their order, in one transaction. A command that fails alone is
   * undone alone. A commit that surely did not happen is undone, and each command tried by itself;
   * one in doubt is not repeated. Throws {@code Fenced}, and then the unsettled tickets had no
   * effect; settles all otherwise.
   */
  void executeAll(List<Ticket<?>> asked) {
    List<Ticket<?>> group = new ArrayList<>();
    isInDoubt = false;
    try {
      for (Ticket<?> ticket : asked) {
        Optional<? extends Result> refused = refusal(ticket.command(), ticket.tick());
        refused.ifPresentOrElse(ticket::answer, () -> group.add(ticket));
      }
      if (!group.isEmpty()) {
        transactAll(group);
      }
    } catch (StorageException.Fenced e) {
      throw e;
    } catch (RuntimeException | Error e) {
      List<Ticket<?>> open = asked.stream().filter(ticket -> !ticket.isSettled()).toList();
      if (open.size() <= 1 || isInDoubt) {
        failAll(open, e, isInDoubt);
      } else {
        executeApart(open);
      }
    }
  }

  private void executeApart(List<Ticket<?>> group) {
    for (int at = 0; at < group.size(); at++) {
      try {
        transactAll(List.of(group.get(at)));
      } catch (StorageException.Fenced e) {
        throw e;
      } catch (StorageException.Transient e) {
        // Each of the others would wait as long for a store that does not answer: none is tried.
        failAll(group.subList(at, group.size()), e, false);
        return;
      } catch (RuntimeException | Error e) {
        failAll(List.of(group.get(at)), e, isInDoubt);
      }
    }
  }

  // Callers must not share an exception, to which each adds what it suppresses. What stored data
  // contradicts concerns an unknown one of the group.
  private void failAll(List<Ticket<?>> group, Throwable why, boolean areOthersInDoubt) {
    if (why instanceof Error) {
      distrust();
    }
    for (int at = 0; at < group.size(); at++) {
      boolean isOwn = at == 0 && (group.size() == 1 || !(why instanceof StorageException.Corrupt));
      group.get(at).fail(isOwn ? why : StoreTerms.another(why, areOthersInDoubt));
    }
  }

  private void transactAll(List<Ticket<?>> group) {
    Ticket<?> first = group.get(0);
    String kind =
        group.size() == 1 ? first.command().kind().toString() : "Group of " + group.size();
    Tick latest = first.tick();
    for (Ticket<?> ticket : group) {
      latest = latest.compareTo(ticket.tick()) < 0 ? ticket.tick() : latest;
    }
    Span span = Span.begin(Stage.COMMAND).of(kind, latest.value());
    try {
      List<Decided> decided = new ArrayList<>();
      transact(
          done -> {
            decided.clear();
            group.forEach(ticket -> decided.add(decideApart(ticket, group.size() > 1, done)));
          },
          false,
          latest);
      decided.forEach(Decided::settle);
      Result only = decided.get(0).answer();
      if (decided.size() == 1 && only != null) {
        span.answered(only.code().name());
      }
    } finally {
      watch.end(span);
    }
  }

  private record Decided(
      Ticket<?> ticket, @Nullable Result answer, @Nullable RuntimeException failure) {
    void settle() {
      if (answer != null) {
        ticket.answer(answer);
      } else if (failure != null) {
        ticket.fail(failure);
      }
    }
  }

  // The failure of a command that has the transaction for itself ends the transaction.
  private Decided decideApart(Ticket<?> ticket, boolean isGroup, List<Executed<?>> done) {
    Quarantine.Turn turn = turn(ticket.tick(), done);
    Quarantine.Point before = turn.here();
    try {
      return new Decided(ticket, turn.run(ticket.command(), holder()), null);
    } catch (RuntimeException e) {
      if (!isGroup || e instanceof StorageException) {
        throw e;
      }
      turn.takeBack(before);
      return new Decided(ticket, null, e);
    }
  }

  Result.Published publish(LongSupplier commitTick, Tick tick) {
    while (whole(() -> lifecycle.judge(mirror()))) {
      engineTurn.apart(() -> {});
    }
    time.watch(mirror(), tick, listener);
    Span span = Span.begin(Stage.PUBLISH).of(CommandKind.PUBLISH.toString(), tick.value());
    try {
      Result.Published cycle =
          transact(() -> hearing(publishing(commitTick.getAsLong(), tick), tick), null, tick);
      span.answered(cycle.code().name());
      return cycle;
    } finally {
      watch.endCycle(span);
    }
  }

  // Whoever reads the view while the commit hangs must not use the routes that it ends for longer
  // than the windows that it begins.
  private Command.Publish publishing(long commitTick, Tick tick) {
    view = FleetView.publishing(view, Tick.of(Math.max(tick.value(), commitTick)));
    return new Command.Publish(commitTick);
  }

  // Offers are admitted and committed; the plan is made outside of any transaction and carried out
  // at commit. If it gives up replicas it is made again with their scores.
  public Result.Scheduled schedule(Command.Schedule given, VictimScores scores, Tick now) {
    Command.Schedule asked = given.withAdvice(withStanding(given.advice(), now));
    lastGiven = given.advice();
    Span span = Span.begin(Stage.SCHEDULE).of(asked.kind().toString(), now.value());
    try {
      Result.Scheduled cycle = scheduleAsked(asked, scores, now, 0);
      span.answered(cycle.code().name());
      return cycle;
    } finally {
      watch.endCycle(span);
    }
  }

  private Result.Scheduled scheduleAsked(
      Command.Schedule asked, VictimScores scores, Tick now, int failed) {
    time.watch(mirror(), now, listener);
    decideRequests(now);
    Optional<Result.Scheduled> refused = time.untimely(mirror(), asked, now);
    if (refused.isPresent()) {
      listener.executed(now, asked, refused.get());
      return refused.get();
    }
    Tick tick = time.counted(mirror, now);
    if (!offersWait && Lifecycle.isAnybodySilent(mirror, tick)) {
      // A worker whose report is in the inbox must not be a suspect of the plan.
      var unused = decideLog(true, now);
    }
    List<Result.Admitted> admitted = new ArrayList<>();
    admitOffers(tick, admitted);
    Command.Schedule part = asked.withAdvice(asked.advice().upTo(lifecycle.next(mirror)));
    if (!part.advice().equals(lastAdvice)) {
      lifecycle.reconsider();
    }
    lastAdvice = part.advice();
    Optional<CyclePlan> cycle = timedPlan(part, scores, tick, admitted);
    if (cycle.isEmpty()) {
      audit.unplanned();
      return withAdmitted(transact(() -> hearing(part, tick), null, tick), admitted);
    }
    CyclePlan plan = cycle.get();
    Command.Schedule command = part.withAdvice(plan.command().advice());
    try {
      return withAdmitted(transact(() -> hearing(command, tick), plan, tick), admitted);
    } catch (Quarantine.Failed news) {
      // The plan's mirror is outdated: plan again behind the news. A commit that is refused without
      // them is refused each time, and what is committed between two plans hides that.
      if (failed == MOST_RELOADS) {
        throw news.why();
      }
      return withAdmitted(scheduleAsked(asked, scores, now, failed + 1), admitted);
    }
  }

  // Names the workers of which a report waits for this turn, which silence must not be held
  // against.
  <R extends Result> Command<R> hearing(Command<R> cycle, Tick tick) {
    return Lifecycle.hearing(mirror, cycle, tick, waiting);
  }

  void apart(Runnable work) {
    engineTurn.apart(work);
  }

  // A cycle with the advice in force, but without a pass of the rebalancer.
  Command.Schedule nextCycle(Tick tick) {
    return CommandKind.SCHEDULE.of(hearing(new Command.Schedule(standingAdvice()), tick));
  }

  void warmUp(PlanningAdvice advice, Tick tick) {
    for (int reloads = 0; !isWarm(advice, tick); reloads++) {
      if (reloads == MOST_RELOADS) {
        throw reloadedMeanwhile();
      }
    }
  }

  // While no plan is under way. Nothing may come between the plan of a request and its commit: it
  // is
  // made under the lock, by a planner that was told the rest before.
  private void decideRequests(Tick now) {
    while (isRequested) {
      warmUp(standingAdvice(), time.counted(mirror(), now));
      isBetweenPlans = true;
      try {
        var unused = decideLog(now);
      } finally {
        isBetweenPlans = false;
      }
    }
  }

  private Result.CarriedOut carryOut(
      Command.CarryOut command, String by, Tick now, List<Executed<?>> done) {
    Quarantine.Turn turn = turn(now, done);
    Quarantine.Point before = turn.here();
    NewestChanges known = newest.copy();
    Optional<Result.CarriedOut> refused = Lifecycle.refusal(mirror, command, now);
    Result.CarriedOut answer = refused.orElseGet(() -> carryOutParts(command, known, now, done));
    if (!answer.isAccepted()) {
      turn.takeBack(before);
      newest = known;
    }
    if (!Lifecycle.isRefused(command)) {
      String words = String.join(" ", answer.reasons());
      String who = command.by().isEmpty() ? by : command.by();
      stageDeed(command, who, (answer.code() + " " + words).strip(), now);
    }
    return answer;
  }

  private Result.CarriedOut carryOutParts(
      Command.CarryOut asked, NewestChanges known, Tick now, List<Executed<?>> done) {
    List<Result> results = new ArrayList<>();
    for (Command<?> command : asked.commands()) {
      Result result = decide(command, null, now, done).outcome().result();
      results.add(result);
      if (!result.isAccepted()) {
        String reasons =
            result.reasons().isEmpty() ? "" : ": " + String.join("; ", result.reasons());
        String why = "command " + results.size() + " is refused" + reasons;
        return new Result.CarriedOut(result.code(), "", results, List.of(why));
      }
    }
    if (asked.planHash().isEmpty()) {
      return new Result.CarriedOut(ResultCode.ACCEPTED, "", results, List.of());
    }
    Tick tick = Lifecycle.counted(mirror, now);
    Command.Schedule cycle = nextCycle(tick);
    lifecycle.reconsider();
    Optional<CyclePlan> prepared = lifecycle.prepare(mirror, cycle, tick);
    // Without a plan placing waits, and no reviewed plan can be carried out.
    String found = prepared.map(it -> it.plan().planHash()).orElse("");
    if (prepared.isEmpty() || !found.equals(asked.planHash())) {
      String why = "the plan is " + found + "; reviewed was " + asked.planHash();
      why += known.difference(asked.planHash(), found);
      return new Result.CarriedOut(ResultCode.PLAN_CHANGED, found, results, List.of(why));
    }
    audit.planned(mirror, cycle);
    trail.stage(new EngineRecords.Prepared(tick, cycle));
    Result.Scheduled scheduled = run(cycle, prepared.get(), tick, done).outcome().result();
    keepStanding(scheduled, tick, done);
    return new Result.CarriedOut(
        ResultCode.ACCEPTED, found, results, List.of(), Optional.of(scheduled));
  }

  boolean isDeciding() {
    return isDeciding;
  }

  public long elapsedNanos() {
    return Stopwatch.nanos();
  }

  public LeaderTime time() {
    return time;
  }

  public Foresight foresight() {
    return new Foresight(this);
  }

  private Optional<CyclePlan> timedPlan(
      Command.Schedule asked, VictimScores scores, Tick tick, List<Result.Admitted> admitted) {
    Span span = Span.begin(Stage.PLAN);
    try {
      return plan(asked, scores, tick, admitted);
    } finally {
      watch.end(span);
    }
  }

  // Commands that come beside the plan are struck from it, or feed the next one. A reload makes
  // another mirror, and the plan of the former one is of no use.
  private Optional<CyclePlan> plan(
      Command.Schedule asked, VictimScores scores, Tick tick, List<Result.Admitted> admitted) {
    for (int reloads = 0; reloads <= MOST_RELOADS; reloads++) {
      if (!isWarm(asked.advice(), tick)) {
        continue;
      }
      admitOffers(tick, admitted);
      CyclePlan bare = prepare(asked, tick).orElse(null);
      if (bare == null) {
        return Optional.empty();
      }
      if (!isPlanned(bare)) {
        continue;
      }
      Command.Schedule command = scored(asked, scores.of(mirror, bare));
      if (command.equals(asked)) {
        return Optional.of(bare);
      }
      admitOffers(tick, admitted);
      CyclePlan from = prepare(command, tick).orElse(null);
      if (from == null) {
        return Optional.empty();
      }
      if (isPlanned(from)) {
        return Optional.of(from);
      }
    }
    throw reloadedMeanwhile();
  }

  // Before each preparation: an offer that waits would get its number anew, behind those that come
  // beside the plan, and the plan would not know it by that.
  private void admitOffers(Tick tick, List<Result.Admitted> admitted) {
    if (offersWait) {
      admitted.add(execute(new Command.Admit(), tick));
      offersWait = false;
    }
    if (stale) {
      reload();
    }
    requireTold();
  }

  // Commands go on between the steps. Returns false if the mirror is another one then.
  @SuppressWarnings("ReferenceEquality")
  boolean isWarm(PlanningAdvice advice, Tick tick) {
    LifecycleState of = mirror();
    while (whole(() -> lifecycle.warmUp(of, advice, FED_AT_ONCE, tick))) {
      engineTurn.apart(() -> {});
      if (mirror() != of) {
        return false;
      }
    }
    return true;
  }

  // The record stays where the planner was fed, before the commands that come beside the plan.
  private Optional<CyclePlan> prepare(Command.Schedule asked, Tick tick) {
    LifecycleState of = mirror();
    Command.Schedule command = CommandKind.SCHEDULE.of(hearing(asked, tick));
    Optional<CyclePlan> from = whole(() -> lifecycle.prepare(of, command, tick));
    if (from.isPresent()) {
      audit.planned(of, command);
      trail.stage(new EngineRecords.Prepared(tick, command));
      trail.keep();
    }
    return from;
  }

  @SuppressWarnings("ReferenceEquality")
  private boolean isPlanned(CyclePlan from) {
    LifecycleState of = mirror;
    whole(() -> {
      engineTurn.apart(from::plan);
      return from;
    });
    return mirror() == of;
  }

  /**
   * Reports whether both cycles would change nothing but the time now: decides and undoes them in
   * memory, by the trusted clock's last reading and the time since. The caller knows that no news
   * waits and that the lease is held, or the answer says nothing. It keeps no change, so that the
   * mirror stays what the store has, and the next cycle decides by the store's own clock.
   */
  boolean rests(Tick now, long commitTick) {
    if (stale || offersWait || isRequested || !time.estimates(mirror)) {
      return false;
    }
    LifecycleState of = mirror;
    try {
      return whole(() -> wouldRest(of, now, commitTick));
    } catch (RuntimeException e) {
      distrust();
      throw e;
    } finally {
      time.forgetEstimate(of);
    }
  }

  private boolean wouldRest(LifecycleState of, Tick now, long commitTick) {
    if (Lifecycle.untimely(of, new Command.Schedule(), now).isPresent()) {
      return false;
    }
    Tick tick = Lifecycle.counted(of, now);
    Command.Schedule cycle = nextCycle(tick);
    if (!cycle.advice().equals(lastAdvice) || lifecycle.prepare(of, cycle, tick).isPresent()) {
      return false;
    }
    Result.Scheduled scheduled = restOf(of, cycle, tick);
    Result.Published published = restOf(of, new Command.Publish(commitTick), tick);
    return scheduled != null
        && published != null
        && watch.isAsBefore(scheduled, published)
        && watch.standing(of, scheduled, lifecycle.forecast()).isEmpty()
        && watch.standing(of, published, lifecycle.forecast()).isEmpty();
  }

  // Null if more than the tick would change.
  private <R extends Result> @Nullable R restOf(LifecycleState of, Command<R> cycle, Tick tick) {
    Command<R> counted = Lifecycle.counted(of, hearing(cycle, tick));
    Lifecycle.Outcome<R> outcome = lifecycle.decide(of, counted, tick);
    of.rollback(outcome.changes());
    return isRest(outcome.changes()) ? outcome.result() : null;
  }

  private static boolean isRest(ChangeSet changes) {
    return changes.isEmpty() || changes.isTickOnly();
  }

  private static Command.Schedule scored(
      Command.Schedule asked, List<PlanningAdvice.Score> scores) {
    return scores.isEmpty() ? asked : asked.withAdvice(asked.advice().withScores(scores));
  }

  private static Result.Scheduled withAdmitted(
      Result.Scheduled cycle, List<Result.Admitted> admitted) {
    Result.Scheduled all = cycle;
    for (int at = admitted.size() - 1; at >= 0; at--) {
      all = all.withAdmission(admitted.get(at));
    }
    return all;
  }

  private Result.Purged purge(Command.Purge command, Tick tick) {
    Result.Purged purged = transact(() -> command, null, tick);
    if (purged.isAccepted()) {
      long firstKept = trail.durableIndex() - trails.recordsKept();
      attempt(
          () -> HistoryTrim.trim(store, session, firstKept, trails.deeds(), mirror, purged.tick()));
    }
    return purged;
  }

  private <R extends Result> R transact(
      Supplier<Command<R>> asked, @Nullable CyclePlan planned, Tick tick) {
    List<R> answers = new ArrayList<>();
    transact(
        done -> {
          answers.clear();
          Command<R> command = asked.get();
          answers.add(command.kind().answer(answer(command, planned, holder(), tick, done)));
          keepStanding(answers.get(0), tick, done);
        },
        planned != null,
        tick);
    return answers.get(0);
  }

  // With the cycle's commit, for readers in other processes. An idle cycle changes none of it.
  private void keepStanding(Result result, Tick tick, List<Executed<?>> done) {
    if (result instanceof Result.Scheduled || result instanceof Result.Published) {
      watch
          .standing(mirror, result, lifecycle.forecast())
          .ifPresent(now ->
              decide(new Command.Keep(KeptValue.LEADER_STANDING.with(now)), null, tick, done));
    }
  }

  /** Decides a leader's own commands behind all news, and adds them to what is done. */
  @FunctionalInterface
  private interface Own {
    void decide(List<Executed<?>> done);
  }

  // News that exceeds one transaction gets transactions of its own first.
  private void transact(Own own, boolean isPlanned, Tick tick) {
    boolean isDecided = false;
    RuntimeException refused = null;
    while (!isDecided) {
      if (stale) {
        reload(isPlanned, refused);
      }
      requireTold();
      List<Executed<?>> done = new ArrayList<>();
      try {
        isDecided = commitOne(own, tick, done);
        afterwards(done);
        for (QuarantinedNews news : quarantine.tookIn()) {
          watch.log().quarantined(news);
        }
      } catch (Quarantine.Failed | StorageException.Corrupt spoiled) {
        if (isInDoubt) {
          throw spoiled;
        }
        quarantine.tryOnceMore(spoiled);
        refused = spoiled;
        stale = true;
        if (isPlanned) {
          throw new Quarantine.Failed(spoiled);
        }
      }
    }
  }

  /** Decides what waits in the log, and reports whether anything did. */
  boolean decideLog(boolean mayPlan, Tick tick) {
    boolean isAny = decideLog(tick);
    if (isRequested && mayPlan) {
      decideRequests(tick);
      isAny = true;
    }
    return isAny;
  }

  private boolean decideLog(Tick tick) {
    boolean[] isAny = new boolean[1];
    transact(done -> isAny[0] = !done.isEmpty(), false, tick);
    return isAny[0];
  }

  /** Writes what parts said, before there is no room for more. */
  public void writeParts() {
    if (!parts.haveRoom()) {
      var unused = decideLog(mirror().largestTick());
    }
  }

  // Before the lease is given back: writes what parts said, and that nothing more is to come.
  void restParts() {
    if (!trail.haveParts()) {
      return;
    }
    mirror();
    isResting = true;
    List<Executed<?>> done = new ArrayList<>();
    try {
      commitOne(none -> {}, mirror.largestTick(), done);
    } finally {
      isResting = false;
    }
    afterwards(done);
  }

  // Returns whether the leader's own commands were decided, not only news.
  private boolean commitOne(Own own, Tick tick, List<Executed<?>> done) {
    isDurable = false;
    isInDoubt = false;
    boolean isDecided = false;
    StoreTransaction transaction = null;
    isDeciding = true;
    try {
      mirror.hold();
      Span asking = Span.begin(Stage.STORE);
      transaction = session.begin();
      AssignmentIds expected = StoreTerms.idsOf(mirror);
      time.read(mirror, transaction);
      News news = transaction.news();
      watch.end(asking);
      List<Commit.Consumed> consumed = quarantine.takeIn(news, turn(tick, done));
      int taken = done.size();
      boolean isAlone = quarantine.isAlone();
      isRequested = !isAlone && consumed.size() < news.items().size();
      if (isRequested || (!isAlone && !news.more())) {
        own.decide(done);
        isDecided = true;
      }
      Span keeping = Span.begin(Stage.STORE);
      keep(
          transaction,
          expected,
          Lifecycle.counted(mirror, tick),
          consumed,
          changesOf(done.subList(taken, done.size())));
      watch.end(keeping);
    } catch (RuntimeException | Error e) {
      if (!isDurable) {
        close(transaction, e);
        undo(done, e);
        throw e;
      }
      // An own failure behind the commit: its progress is unknown.
      stale = true;
      trail.drop();
      listener.failed(e);
    } finally {
      isDeciding = false;
    }
    if (transaction != null) {
      attempt(transaction::close);
    }
    return isDecided;
  }

  private static List<ChangeSet> changesOf(List<Executed<?>> own) {
    return own.stream()
        .map(it -> it.outcome().changes())
        .filter(changes -> !changes.isEmpty())
        .toList();
  }

  private static void close(@Nullable StoreTransaction transaction, Throwable why) {
    try {
      if (transaction != null) {
        transaction.close();
      }
    } catch (RuntimeException | Error again) {
      why.addSuppressed(again);
    }
  }

  private void afterwards(List<Executed<?>> done) {
    mirror.settle();
    attempt(trail::tellWhatItTakes);
    if (parts.takeNews()) {
      watch.log().evidenceDropped(parts.dropped());
    }
    try {
      view = FleetView.of(mirror);
    } catch (RuntimeException | Error e) {
      stale = true;
      listener.failed(e);
    }
    for (Executed<?> it : done) {
      listener.executed(it.tick(), it.command(), it.outcome().result());
      watch.executed(it.tick(), it.outcome().result(), mirror);
      if (it.command() instanceof Command.Report report
          && Lifecycle.namesLostHistory(mirror, report, it.outcome().result())) {
        watch.log().unknownHistory(report.header(), it.outcome().result().code());
      }
    }
  }

  private void attempt(Runnable afterCommit) {
    try {
      afterCommit.run();
    } catch (RuntimeException | Error e) {
      listener.failed(e);
    }
  }

  // No decision without a record: refused records are offered again first.
  private void requireTold() {
    try {
      trail.tell();
    } catch (RuntimeException | Error e) {
      trail.drop();
      throw e;
    }
  }

  // The plan's state is gone: the caller must schedule again. A load that fails tells, too, which
  // commit was refused before it.
  private void reload(boolean isPlanned, @Nullable RuntimeException refused) {
    try {
      reload();
    } catch (StorageException.Corrupt e) {
      if (refused != null) {
        e.addSuppressed(refused);
      }
      throw e;
    }
    if (isPlanned) {
      trail.drop();
      throw reloadedMeanwhile();
    }
  }

  private static StorageException reloadedMeanwhile() {
    return new StorageException.Transient(
        "the state was reloaded while a plan was made; schedule again",
        StorageException.Outcome.NOT_COMMITTED,
        null);
  }

  // An error may tear the mirror, which is then not used again.
  <T> T whole(Supplier<T> work) {
    try {
      return work.get();
    } catch (Error e) {
      stale = true;
      trail.drop();
      throw e;
    }
  }

  private Result answer(
      Command<?> command,
      @Nullable CyclePlan planned,
      String by,
      Tick tick,
      List<Executed<?>> done) {
    if (command instanceof Command.CarryOut it) {
      return carryOut(it, by, tick, done);
    }
    Lifecycle.Outcome<?> outcome = decide(command, planned, tick, done).outcome();
    if (command.kind().isDeed() && !isRest(outcome.changes())) {
      stageDeed(command, by, outcome.result().code().name(), tick);
    }
    return outcome.result();
  }

  private String holder() {
    String named = named(session.lease().holder());
    return named.isEmpty() ? "the leader" : named;
  }

  // A drawn name tells nobody anything, and would make equal runs differ.
  static String named(String holder) {
    return holder.startsWith("stowage-") ? "" : holder;
  }

  private void stageDeed(Command<?> command, String by, String answer, Tick now) {
    trail.stage(new EngineRecords.Done(Lifecycle.counted(mirror, now), by, command, answer));
  }

  // What a leave came to, as long as its copies are known.
  private void stageEmptied(ReplicaRows removed, Tick tick) {
    IntStream.range(0, removed.size())
        .map(removed::worker)
        .distinct()
        .filter(it -> mirror.replicasOn(it) == 0)
        .filter(it -> mirror.workerRow(it).description().status() == WorkerStatus.LEAVING)
        .forEach(it -> {
          WorkerId worker = mirror.workerId(it);
          Optional<Moved.Stream> copied = KeptValue.MOVED.of(mirror).stream(Moved.of(worker));
          long copies = copied.map(Moved.Stream::copies).orElse(0L);
          long bytes = copied.map(Moved.Stream::bytes).orElse(0L);
          trail.stage(new EngineRecords.Emptied(tick, worker, copies, bytes));
        });
  }

  private void stageEnded(List<SwapRow> swaps, Tick tick) {
    for (WorkerId worker : watch.takeBack()) {
      String absence = EngineRecords.Ended.absence(worker);
      trail.stage(new EngineRecords.Ended(tick, absence, "was over"));
    }
    for (SwapRow row : swaps) {
      if (row.state() != SwapState.PENDING) {
        ChunkKey first = (row.newChunks().isEmpty() ? row.oldChunks() : row.newChunks()).get(0);
        String how = row.state() == SwapState.FIRED ? "fired" : "was cancelled";
        trail.stage(new EngineRecords.Ended(tick, EngineRecords.Ended.swap(first), how));
      }
    }
  }

  private <R extends Result> Executed<R> decide(
      Command<R> command, @Nullable CyclePlan planned, Tick tick, List<Executed<?>> done) {
    Optional<R> refused = Lifecycle.refusal(mirror, command, tick);
    if (refused.isEmpty()) {
      Command<R> counted = Lifecycle.counted(mirror, command);
      return run(counted, planned, Lifecycle.counted(mirror, tick), done);
    }
    Executed<R> nothing = new Executed<>(tick, command, Lifecycle.nothing(mirror, refused.get()));
    done.add(nothing);
    return nothing;
  }

  private Quarantine.Turn turn(Tick tick, List<Executed<?>> done) {
    return new Quarantine.Turn() {
      @Override
      public boolean takes(Command<?> command) {
        return !command.isOfACycle() || (isBetweenPlans && !hasCycle(done));
      }

      @Override
      public Result run(Command<?> command, String by) {
        return answer(command, null, by, tick, done);
      }

      @Override
      public Quarantine.Point here() {
        return new Quarantine.Point(trail.head(), done.size(), mirror.largestTick());
      }

      @Override
      public List<ChangeSet> changesSince(Quarantine.Point from) {
        return changesOf(done.subList(from.done(), done.size()));
      }

      @Override
      public void takeBack(Quarantine.Point to) {
        trail.dropBehind(to.recorded());
        audit.forget();
        LeaderTerm.this.takeBack(done, to.done());
      }
    };
  }

  // A store may take no more than one cycle in a commit.
  private static boolean hasCycle(List<Executed<?>> done) {
    return done.stream().anyMatch(it -> it.command() instanceof Command.Schedule);
  }

  private void takeBack(List<Executed<?>> done, int kept) {
    while (done.size() > kept) {
      mirror.rollback(done.remove(done.size() - 1).outcome().changes());
    }
    newest = new NewestChanges();
    watch.restored(mirror);
  }

  private <R extends Result> Executed<R> run(
      Command<R> command, @Nullable CyclePlan planned, Tick tick, List<Executed<?>> done) {
    audit.before(mirror, command);
    trail.stage(
        planned == null
            ? new EngineRecords.Executed(tick, command)
            : new EngineRecords.Applied(tick, command));
    Lifecycle.Outcome<R> outcome =
        planned == null
            ? lifecycle.decide(mirror, command, tick)
            : lifecycle
                .apply(mirror, CommandKind.SCHEDULE.of(command), planned, tick)
                .as(command.kind());
    Executed<R> executed = new Executed<>(tick, command, outcome);
    notes.note(command, outcome.changes());
    if (!outcome.changes().isEmpty()) {
      newest.note(command, tick);
    }
    watch.changed(command, outcome.changes(), mirror);
    watchers().forEach(it -> it.note(command, outcome.changes()));
    offersWait |= command instanceof Command.Offer;
    done.add(executed);
    trail.stage(EngineRecords.Answered.of(outcome));
    stageEmptied(outcome.changes().removedReplicas(), tick);
    stageEnded(outcome.changes().swaps(), tick);
    List<Violation> found = audit.after(mirror, command, outcome);
    if (!found.isEmpty()) {
      // An unchanged plan is remembered, but must not be rested on here.
      lifecycle.reconsider();
      try {
        listener.violated(tick, command, found);
      } finally {
        // A throwing listener must not hide a broken promise.
        Audit.require(found);
      }
    }
    return executed;
  }

  private void keep(
      StoreTransaction transaction,
      AssignmentIds expected,
      Tick tick,
      List<Commit.Consumed> consumed,
      List<ChangeSet> changes) {
    boolean isRest = consumed.isEmpty() && !trail.isFull() && !isResting;
    if (isRest && changes.isEmpty()) {
      transaction.verifyLease(expected);
      isDurable = true;
      trail.keep();
    } else if (isRest && changes.stream().allMatch(LeaderTerm::isRest)) {
      advance(transaction, expected);
      isDurable = true;
      trail.keep();
    } else {
      trail.stageParts(isResting);
      commit(transaction, commitOf(expected, tick, consumed, changes));
      isDurable = true;
      trail.keepDurable();
    }
  }

  private Commit commitOf(
      AssignmentIds expected, Tick tick, List<Commit.Consumed> consumed, List<ChangeSet> changes) {
    return new Commit(
        new CommitKey(session.lease().epoch(), ++sequence),
        expected,
        tick,
        consumed,
        changes,
        mirror.digest(),
        trail.undurable(),
        trail.head(),
        mirror::snapshot);
  }

  private void commit(StoreTransaction transaction, Commit commit) {
    try {
      transaction.commit(commit);
    } catch (RuntimeException | Error e) {
      if (StoreTerms.isUndone(e)) {
        throw e;
      }
      // The query waits for transactions under way, which this one may still be.
      close(transaction, e);
      if (outcomeOf(commit.key(), e) != CommitOutcome.COMMITTED) {
        throw e;
      }
      if (!(e instanceof StorageException.Transient)) {
        listener.failed(e);
      }
    }
  }

  private void advance(StoreTransaction transaction, AssignmentIds expected) {
    try {
      transaction.advance(expected, mirror.largestTick(), mirror.fleetRow().time().clockNanos());
    } catch (RuntimeException | Error e) {
      stale |= !StoreTerms.isUndone(e);
      throw e;
    }
  }

  // A failed query says nothing of the commit: null.
  private @Nullable CommitOutcome outcomeOf(CommitKey key, Throwable unknown) {
    CommitOutcome outcome;
    try {
      outcome = store.outcomeOf(key);
    } catch (RuntimeException | Error unanswered) {
      stale = true;
      isInDoubt = true;
      trail.doubt();
      unknown.addSuppressed(unanswered);
      return null;
    }
    if (outcome == CommitOutcome.NOT_COMMITTED && unknown instanceof StorageException.Transient) {
      throw new StorageException.Transient(
          "commit " + key + " did not take place", StorageException.Outcome.NOT_COMMITTED, unknown);
    }
    return outcome;
  }

  // In the journal where that is sure, else by the next load.
  private void undo(List<Executed<?>> done, Throwable why) {
    trail.drop();
    audit.forget();
    boolean isSame = !(why instanceof Error || why instanceof StorageException.Corrupt);
    boolean isSure = !stale && isSame;
    stale = true;
    if (isSure) {
      rollBack(done, why);
    }
  }

  private void rollBack(List<Executed<?>> done, Throwable why) {
    try {
      takeBack(done, 0);
      mirror.settle();
      view = FleetView.of(mirror);
      stale = false;
    } catch (RuntimeException | Error again) {
      why.addSuppressed(again);
    }
  }

  // Mirror and trail may be half of something.
  void distrust() {
    trail.drop();
    audit.forget();
    stale = true;
  }

  private LoadedFleet load() {
    Span span = Span.begin(Stage.LOAD);
    try {
      return session.load();
    } finally {
      watch.end(span);
    }
  }

  private void reload() {
    LoadedFleet loaded = load();
    mirror = StoreTerms.mirrorOf(loaded);
    lifecycle = new Lifecycle(planner);
    lifecycle.loaded(mirror);
    if (!trail.resumesAt(loaded.evidenceHead())) {
      trail.hand(listener::failed);
      trail = openTrail(loaded);
    }
    recordTick(loaded);
    offersWait = true;
    newest = new NewestChanges();
    notes.noteEverything();
    watchers().forEach(ChangeNotes::noteEverything);
    audit.forget();
    view = FleetView.of(mirror);
    watch.loaded(mirror);
    stale = false;
  }

  public void stageMoves(RebalancePass pass) {
    for (MoveIntent move : pass.moves()) {
      for (MoveExplanation judged : pass.explained()) {
        if (judged.chunk().equals(move.chunk())) {
          trail.stage(EngineRecords.Moved.of(pass.tick(), move, judged));
        }
      }
    }
  }

  public void hearOfTransfers(List<WorkerId> workers, long bytes) {
    unreachable = List.copyOf(workers);
    failedBytes = bytes;
  }

  /** Adds the workers that nothing reaches, and those that the fleet avoids. */
  private PlanningAdvice withStanding(PlanningAdvice advice, Tick now) {
    TreeSet<WorkerId> out = new TreeSet<>(unreachable);
    for (AvoidList.Entry entry : kept(KeptValue.AVOIDED)) {
      if (entry.untilTick() > now.value()) {
        out.add(entry.worker());
      }
    }
    return advice.withTransfers(List.copyOf(out), failedBytes);
  }

  PlanningAdvice standingAdvice() {
    PlanningAdvice cooling =
        new PlanningAdvice(List.of(), List.of(), lastGiven.cooling(), 0)
            .relieving(lastGiven.relieved());
    return withStanding(cooling, mirror().largestTick()).upTo(lifecycle.next(mirror()));
  }

  public ChangeNotes notes() {
    return notes;
  }

  public ChangeNotes watch() {
    watches.removeIf(it -> it.get() == null);
    ChangeNotes another = new ChangeNotes(true);
    watches.add(new WeakReference<>(another));
    return another;
  }

  private Stream<ChangeNotes> watchers() {
    return watches.stream().map(WeakReference::get).filter(Objects::nonNull);
  }

  /** Returns the factors of the last plan; empty before it. */
  public List<PoolFactor> factors() {
    return lifecycle.factors();
  }

  /** Returns what the last plan says of the replicas that are to leave. */
  public Forecast forecast() {
    return lifecycle.forecast();
  }

  Lifecycle lifecycle() {
    return lifecycle;
  }

  StoreSession session() {
    return session;
  }

  // Repeats after 2^22 epochs, or 2^40 transfers of one; a late answer must not end another
  // transfer.
  public long nextTransferId() {
    long epoch = session.lease().epoch() & (1L << 22) - 1;
    long number = transferIds++ & (1L << 40) - 1;
    return FIRST_TRANSFER | epoch << 40 | number;
  }

  /** Returns a kept value; throws {@link StorageException.Corrupt} if its bytes are unreadable. */
  public <T> T kept(KeptValue<T> value) {
    try {
      return value.of(mirror());
    } catch (IllegalArgumentException unreadable) {
      throw new StorageException.Corrupt(String.valueOf(unreadable.getMessage()), unreadable);
    }
  }

  /** Keeps a value with the next commit. */
  public <T> Result.Answer keep(KeptValue<T> value, T now, Tick tick) {
    return execute(new Command.Keep(value.with(now)), tick);
  }

  public LifecycleState mirror() {
    if (stale) {
      reload();
    }
    return mirror;
  }

  EvidenceTrail trail() {
    return trail;
  }

  public FleetView view() {
    return view;
  }
}
