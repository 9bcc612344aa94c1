package dev.stowage.engine;

import dev.stowage.StowageStats.StageTimes.Stage;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.engine.flight.Span;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.CyclePlan;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.AvoidList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the cycles of a term: scheduling, visibility and retention. Owns what cycles hand to the
 * next one: the advice in force, what transfers said, and whether offers wait.
 *
 * <p>A scheduling cycle is two commits with a plan between them, as in optimistic concurrency
 * control (Kung and Robinson, "On optimistic methods for concurrency control", 1981): offers are
 * admitted; {@link #prepare} feeds the planner under the lock; the plan is made outside of it, and
 * commands overtake it; a cycle that begins anew carries it out and strikes what no longer fits. If
 * the plan gives up replicas it is made again with their scores. A reload makes another mirror,
 * behind which the plan is of no use and is made again, a bounded number of times. Guarded by the
 * engine's lock.
 */
public final class CycleRunner {
  /** The plans of one cycle that are made anew because a failed commit had the state reloaded. */
  private static final int MOST_RELOADS = 3;

  /** The chunks that the planner is fed before others' commands have their turn. */
  private static final int FED_AT_ONCE = 1 << 14;

  private final LeaderTerm term;
  private final CommitRun commits;
  private final Supplier<List<Command<?>>> waiting;
  private boolean offersWait = true;
  private List<WorkerId> unreachable = List.of();
  private long failedBytes;
  private PlanningAdvice lastGiven = PlanningAdvice.NONE;
  private PlanningAdvice lastAdvice = PlanningAdvice.NONE;

  CycleRunner(LeaderTerm term, Supplier<List<Command<?>>> waiting) {
    this.term = term;
    this.commits = term.commits;
    this.waiting = waiting;
  }

  /** Notes that offers may wait, which the next cycle admits. */
  void lookForOffers() {
    offersWait = true;
  }

  public void hearOfTransfers(List<WorkerId> workers, long bytes) {
    unreachable = List.copyOf(workers);
    failedBytes = bytes;
  }

  public Result.Scheduled schedule(LeaderCommand.Schedule given, VictimScores scores, Tick now) {
    LeaderCommand.Schedule asked = given.withAdvice(withStanding(given.advice(), now));
    lastGiven = given.advice();
    Span span = Span.begin(Stage.SCHEDULE).of(CommandKind.kindOf(asked).toString(), now.value());
    try {
      Result.Scheduled cycle = scheduleAsked(asked, scores, now, 0);
      span.answered(cycle.code().name());
      return cycle;
    } finally {
      term.book.endCycle(span);
    }
  }

  private Result.Scheduled scheduleAsked(
      LeaderCommand.Schedule asked, VictimScores scores, Tick now, int failed) {
    term.time.watch(term.mirror(), now, term.book.log());
    decideRequests(now);
    Optional<Result.Scheduled> refused = term.time.untimely(term.mirror(), asked, now);
    if (refused.isPresent()) {
      term.book.executed(now, asked, refused.get(), term.known());
      return refused.get();
    }
    Tick tick = term.time.counted(term.known(), now);
    if (!offersWait && Lifecycle.isAnybodySilent(term.known(), tick)) {
      // A worker whose report is in the inbox must not be a suspect of the plan.
      var unused = decideLog(true, now);
    }
    List<Result.Admitted> admitted = new ArrayList<>();
    admitOffers(tick, admitted);
    LeaderCommand.Schedule part =
        asked.withAdvice(asked.advice().upTo(term.lifecycle().next(term.known())));
    if (!part.advice().equals(lastAdvice)) {
      term.lifecycle().reconsider();
    }
    lastAdvice = part.advice();
    Optional<CyclePlan> cycle = timedPlan(part, scores, tick, admitted);
    if (cycle.isEmpty()) {
      term.audit.unplanned();
      return withAdmitted(
          commits.transact(() -> withQueuedReports(part, tick), null, tick), admitted);
    }
    CyclePlan plan = cycle.get();
    LeaderCommand.Schedule command = part.withAdvice(plan.command().advice());
    try {
      return withAdmitted(
          commits.transact(() -> withQueuedReports(command, tick), plan, tick), admitted);
    } catch (Quarantine.Failed news) {
      // The plan's mirror is outdated: plan again behind the news. A commit that is refused without
      // them is refused each time, and what is committed between two plans hides that.
      if (failed == MOST_RELOADS) {
        throw news.why();
      }
      return withAdmitted(scheduleAsked(asked, scores, now, failed + 1), admitted);
    }
  }

  /** Decides what waits in the log, and reports whether anything did. */
  boolean decideLog(boolean mayPlan, Tick tick) {
    boolean isAny = commits.decideLog(tick);
    if (commits.isRequested() && mayPlan) {
      decideRequests(tick);
      isAny = true;
    }
    return isAny;
  }

  // While no plan is under way. Nothing may come between the plan of a request and its commit: it
  // is made under the lock, by a planner that was told the rest before.
  private void decideRequests(Tick now) {
    while (commits.isRequested()) {
      warmUp(standingAdvice(), term.time.counted(term.mirror(), now));
      commits.decideRequest(now);
    }
  }

  // Before each preparation: an offer that waits would get its number anew, behind those that come
  // beside the plan, and the plan would not know it by that.
  private void admitOffers(Tick tick, List<Result.Admitted> admitted) {
    if (offersWait) {
      admitted.add(term.execute(new LeaderCommand.Admit(), tick));
      offersWait = false;
    }
    term.mirror();
    commits.requireTold();
  }

  private Optional<CyclePlan> timedPlan(
      LeaderCommand.Schedule asked,
      VictimScores scores,
      Tick tick,
      List<Result.Admitted> admitted) {
    Span span = Span.begin(Stage.PLAN);
    try {
      return plan(asked, scores, tick, admitted);
    } finally {
      term.book.end(span);
    }
  }

  // Commands that come beside the plan are struck from it, or feed the next one. A reload makes
  // another mirror, and the plan of the former one is of no use.
  private Optional<CyclePlan> plan(
      LeaderCommand.Schedule asked,
      VictimScores scores,
      Tick tick,
      List<Result.Admitted> admitted) {
    for (int reloads = 0; reloads <= MOST_RELOADS; reloads++) {
      if (!feedUntilWarm(asked.advice(), tick)) {
        continue;
      }
      admitOffers(tick, admitted);
      CyclePlan bare = prepare(asked, tick).orElse(null);
      if (bare == null) {
        return Optional.empty();
      }
      if (!planApart(bare)) {
        continue;
      }
      LeaderCommand.Schedule command = scored(asked, scores.of(bare));
      if (command.equals(asked)) {
        return Optional.of(bare);
      }
      admitOffers(tick, admitted);
      CyclePlan from = prepare(command, tick).orElse(null);
      if (from == null) {
        return Optional.empty();
      }
      if (planApart(from)) {
        return Optional.of(from);
      }
    }
    throw StoreTerms.reloadedMeanwhile();
  }

  void warmUp(PlanningAdvice advice, Tick tick) {
    for (int reloads = 0; !feedUntilWarm(advice, tick); reloads++) {
      if (reloads == MOST_RELOADS) {
        throw StoreTerms.reloadedMeanwhile();
      }
    }
  }

  // Commands go on between the steps. Returns false if the mirror is another one then.
  @SuppressWarnings("ReferenceEquality")
  private boolean feedUntilWarm(PlanningAdvice advice, Tick tick) {
    LifecycleState of = term.mirror();
    while (term.distrustingErrors(it -> term.lifecycle().warmUp(of, advice, FED_AT_ONCE, tick))) {
      term.outsideLock.accept(() -> {});
      if (term.mirror() != of) {
        return false;
      }
    }
    return true;
  }

  // The record stays where the planner was fed, before the commands that come beside the plan.
  private Optional<CyclePlan> prepare(LeaderCommand.Schedule asked, Tick tick) {
    LifecycleState of = term.mirror();
    LeaderCommand.Schedule command = CommandKind.SCHEDULE.of(withQueuedReports(asked, tick));
    Optional<CyclePlan> from =
        term.distrustingErrors(it -> term.lifecycle().prepare(of, command, tick));
    if (from.isPresent()) {
      EngineRecording recording = term.recording();
      term.audit.planned(of, command);
      recording.stage(new EngineRecords.Prepared(tick, command));
      recording.keep();
    }
    return from;
  }

  // Commands go on beside the planner. Returns false if the mirror is another one then.
  @SuppressWarnings("ReferenceEquality")
  private boolean planApart(CyclePlan from) {
    LifecycleState of = term.known();
    term.distrustingErrors(it -> {
      term.outsideLock.accept(from::plan);
      return from;
    });
    return term.mirror() == of;
  }

  private static LeaderCommand.Schedule scored(
      LeaderCommand.Schedule asked, List<PlanningAdvice.Score> scores) {
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

  Result.Published publish(LongSupplier commitTick, Tick tick) {
    while (term.distrustingErrors(it -> term.lifecycle().judge(term.mirror()))) {
      term.outsideLock.accept(() -> {});
    }
    term.time.watch(term.mirror(), tick, term.book.log());
    Span span = Span.begin(Stage.PUBLISH).of(CommandKind.PUBLISH.toString(), tick.value());
    try {
      Result.Published cycle =
          commits.transact(
              () -> withQueuedReports(publishing(commitTick.getAsLong(), tick), tick), null, tick);
      span.answered(cycle.code().name());
      return cycle;
    } finally {
      term.book.endCycle(span);
    }
  }

  private LeaderCommand.Publish publishing(long commitTick, Tick tick) {
    term.showPublishing(Tick.of(Math.max(tick.value(), commitTick)));
    return new LeaderCommand.Publish(commitTick);
  }

  Result.Purged purge(LeaderCommand.Purge command, Tick tick) {
    term.time.watch(term.mirror(), tick, term.book.log());
    Result.Purged purged = commits.transact(() -> command, null, tick);
    if (purged.isAccepted()) {
      long firstKept =
          term.recording().durableIndex() - term.config().evidence().retention().maxRecords();
      commits.attempt(() -> HistoryTrim.trim(term, firstKept, purged.tick()));
    }
    return purged;
  }

  /**
   * Reports whether both cycles would change nothing but the time now: decides and undoes them in
   * memory, by the trusted clock's last reading and the time since. The caller knows that no news
   * waits and that the lease is held, or the answer says nothing. It keeps no change, so that the
   * mirror stays what the store has, and the next cycle decides by the store's own clock.
   */
  boolean rests(Tick now, long commitTick) {
    LifecycleState of = term.known();
    if (term.isStale() || offersWait || commits.isRequested() || !term.time.estimates(of)) {
      return false;
    }
    try {
      return term.distrustingErrors(it -> wouldRest(of, now, commitTick));
    } catch (RuntimeException e) {
      term.distrust();
      throw e;
    } finally {
      term.time.forgetEstimate(of);
    }
  }

  private boolean wouldRest(LifecycleState of, Tick now, long commitTick) {
    if (Lifecycle.untimely(of, new LeaderCommand.Schedule(), now).isPresent()) {
      return false;
    }
    Tick tick = Lifecycle.counted(of, now);
    LeaderCommand.Schedule cycle = nextCycle(tick);
    if (!cycle.advice().equals(lastAdvice)
        || term.lifecycle().prepare(of, cycle, tick).isPresent()) {
      return false;
    }
    Result.Scheduled scheduled = restOf(of, cycle, tick);
    Result.Published published = restOf(of, new LeaderCommand.Publish(commitTick), tick);
    return scheduled != null
        && published != null
        && term.book.isAsBefore(scheduled, published)
        && term.book.standing(of, scheduled, term.lifecycle().forecast()).isEmpty()
        && term.book.standing(of, published, term.lifecycle().forecast()).isEmpty();
  }

  // Null if more than the tick would change.
  private <R extends Result> @Nullable R restOf(LifecycleState of, Command<R> cycle, Tick tick) {
    Command<R> counted = Lifecycle.counted(of, withQueuedReports(cycle, tick));
    Lifecycle.Outcome<R> outcome = term.lifecycle().decide(of, counted, tick);
    of.rollback(outcome.changes());
    return CommitRun.isRest(outcome.changes()) ? outcome.result() : null;
  }

  // Adds the workers whose reports wait for this turn, so that the cycle does not count them as
  // silent.
  <R extends Result> Command<R> withQueuedReports(Command<R> cycle, Tick tick) {
    return Lifecycle.hearing(term.known(), cycle, tick, waiting);
  }

  // A cycle with the advice in force, but without a pass of the rebalancer.
  LeaderCommand.Schedule nextCycle(Tick tick) {
    return CommandKind.SCHEDULE.of(
        withQueuedReports(new LeaderCommand.Schedule(standingAdvice()), tick));
  }

  PlanningAdvice standingAdvice() {
    PlanningAdvice cooling =
        new PlanningAdvice(List.of(), List.of(), lastGiven.cooling(), 0)
            .relieving(lastGiven.relieved());
    LifecycleState mirror = term.mirror();
    return withStanding(cooling, mirror.largestTick()).upTo(term.lifecycle().next(mirror));
  }

  /** Adds the workers that nothing reaches, and those that the fleet avoids. */
  private PlanningAdvice withStanding(PlanningAdvice advice, Tick now) {
    TreeSet<WorkerId> out = new TreeSet<>(unreachable);
    for (AvoidList.Entry entry : term.kept(KeptValue.AVOIDED)) {
      if (entry.untilTick() > now.value()) {
        out.add(entry.worker());
      }
    }
    return advice.withTransfers(List.copyOf(out), failedBytes);
  }
}
