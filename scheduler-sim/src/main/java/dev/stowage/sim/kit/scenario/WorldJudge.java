package dev.stowage.sim.kit.scenario;

import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.Transfers.Transfer;
import dev.stowage.answer.Leaving;
import dev.stowage.answer.Leaving.Verdict;
import dev.stowage.audit.Audit;
import dev.stowage.client.PortalClient;
import dev.stowage.client.RouteBook;
import dev.stowage.command.Result;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.MovementBudget;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.RebalanceConfig.MoveBudget;
import dev.stowage.sim.kit.scenario.oracles.BudgetOracle;
import dev.stowage.sim.kit.scenario.oracles.CapOracle;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.scenario.oracles.FloorOracle;
import dev.stowage.sim.kit.scenario.oracles.LeavingOracle;
import dev.stowage.sim.kit.scenario.oracles.MoveOracle;
import dev.stowage.sim.kit.scenario.oracles.StandingOracle;
import dev.stowage.sim.kit.scenario.oracles.UrgencyOracle;
import dev.stowage.sim.kit.world.BytesOracle;
import dev.stowage.sim.kit.world.Moment;
import dev.stowage.sim.kit.world.SightOracle;
import dev.stowage.sim.kit.world.WorldFindings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the oracles of a world after each step. A finding is either fatal and thrown, or measured
 * and counted. It changes nothing in the world. Not thread-safe.
 */
final class WorldJudge {
  private static final String PORTALS_TAKE = "portals take what is published";

  /** Names the judged rules. */
  enum Oracle {
    AUDITED_STATES,
    BUDGETS_IN_FORCE,
    CAPS,
    CLOCKS,
    COPIES_KEPT,
    COPIES_THAT_LEFT,
    EVIDENCE_IS_KEPT,
    FLOORS_BEFORE_BONUSES,
    GUARDED_INGESTS,
    HOST_CODE,
    MOVEMENT_BUDGET,
    MOVE_BUDGET,
    PORTALS_THAT_CAUGHT_UP,
    PORTAL_ASKS,
    PREVIEWS,
    REAL_BYTES,
    REVIEWED_PLANS,
    STANDING,
    TAKEN_ROUTES,
    WHAT_LEAVES,
    WHO_MAY_STOP;

    private String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  private final AuditLevel level;
  private final Map<WorkerId, ScriptedWorker> workers;
  private final StoryPortals portals;
  private final Losses losses = new Losses();
  private int lastResorts;
  private @Nullable LifecycleSnapshot audited;
  private @Nullable LifecycleSnapshot judgedLeaving;
  private @Nullable PortalAssignment judgedRoutes;
  private final WorldFindings findings = new WorldFindings(this::found);
  private final SightOracle sight = new SightOracle(findings);
  private final BytesOracle bytes = new BytesOracle(findings, 0);
  private long judgedChanges;

  /** Creates a judge of a world; {@code workers} and {@code portals} may change later. */
  WorldJudge(AuditLevel level, Map<WorkerId, ScriptedWorker> workers, StoryPortals portals) {
    this.level = level;
    this.workers = workers;
    this.portals = portals;
    List.of(Oracle.values()).forEach(each -> asked(each, 0));
  }

  Losses losses() {
    return losses;
  }

  SortedMap<String, Long> counts() {
    return findings.checks();
  }

  private void count(String what, long times) {
    if (times > 0) {
      findings.checked(what, times);
    }
  }

  private void asked(Oracle oracle, long times) {
    findings.checked(oracle.words(), times);
  }

  /** Counts a judgement, and takes what it found. */
  void judge(Oracle oracle, Optional<Finding> finding) {
    asked(oracle, 1);
    finding.ifPresent(it -> found(it.kind(), it.text()));
  }

  private void found(String kind, String text) {
    if (level != AuditLevel.OFF) {
      throw new InvariantViolation(kind, text);
    }
  }

  /** Lets a portal ask for the routes, and judges that it has taken them. */
  void take(
      String name, PortalAssignment newest, Moment now, boolean isProven, LifecycleView books) {
    PortalClient portal = portals.take(name, now, isProven, books, sight);
    Optional<RouteBook> relayed = portals.relayed(name);
    if (relayed.isPresent()) {
      count("answers of relays", 1);
      takes(portal, relayed.get(), now.tick());
    } else {
      count("relays that lead to the leader", portals.isBehind(name) ? 1 : 0);
      takes(portal, newest, now.tick());
    }
  }

  private void takes(PortalClient portal, PortalAssignment newest, long tick) {
    takes(portal, RouteBook.of(newest.full()), tick);
  }

  /** Judges that a portal uses what it was answered, as far as it is interested. */
  private void takes(PortalClient portal, RouteBook newest, long tick) {
    asked(Oracle.TAKEN_ROUTES, 1);
    RouteBook routes = portal.routes();
    if (!routes.id().equals(newest.id()) || !routes.lineage().equals(newest.lineage())) {
      found(
          PORTALS_TAKE,
          portal.id()
              + " does not take assignment "
              + newest.id()
              + ": "
              + portal.status(tick).trouble());
    }
    if (!routes.routes().equals(portals.ofInterest(portal, newest))) {
      found(PORTALS_TAKE, portal.id() + " uses other routes than those of " + newest.id());
    }
  }

  /** Judges that every portal has heard of the newest routes, in a fleet that has settled. */
  void caughtUp(PortalAssignment newest, long tick) {
    for (PortalClient portal : portals.clients()) {
      asked(Oracle.PORTALS_THAT_CAUGHT_UP, 1);
      takes(portal, newest, tick);
    }
  }

  void executed(Result result) {
    if (result instanceof Result.Scheduled cycled) {
      lastResorts += cycled.movement().lastResort();
    }
  }

  /**
   * Judges a scheduling cycle, possibly after another one whose answer was lost.
   *
   * @param advice the advice in the command of the cycle
   * @param publishes the number of visibility cycles before it
   * @param hadNews true if other processes changed the state between {@code before} and {@code
   *     after}: then no rule about the cycle alone is judged
   */
  void scheduled(
      LifecycleSnapshot before,
      LifecycleSnapshot after,
      RetryUntilDurable.Attempt<Result.Scheduled> attempt,
      PlanningAdvice advice,
      long publishes,
      boolean hadNews) {
    Result.Scheduled cycle = attempt.value();
    long tick = cycle.tick().value();
    executed(cycle);
    if (attempt.isDoubtful()) {
      int both = LastResorts.between(before, after, tick);
      lastResorts += Math.max(0, both - cycle.movement().lastResort());
    }
    losses.observe(after, publishes);
    standing(after);
    if (level == AuditLevel.OFF || hadNews) {
      return;
    }
    copies(before, after);
    int share = after.config().feedback().millionths(cycle.pressure());
    MovementBudget shared = before.config().placement().budget().share(share);
    judge(
        Oracle.MOVEMENT_BUDGET,
        WorldOracles.overBudget(cycle, shared.withBytes(cycle.budget().bytes()), after));
    if (!attempt.isDoubtful()) {
      judge(Oracle.BUDGETS_IN_FORCE, BudgetOracle.wrong(before, after, cycle, advice));
    }
    judge(Oracle.CAPS, CapOracle.grewBeyond(before, after, cycle));
    if (cycle.deferred().size() + cycle.shortfalls().size() > 0) {
      judge(Oracle.FLOORS_BEFORE_BONUSES, FloorOracle.grewFirst(before, after, cycle));
    }
  }

  /** Judges the moves that are under way. */
  void moves(MoveBudget budget, List<MoveRecord> moves) {
    count("moves under way", moves.stream().filter(MoveRecord::isInFlight).count());
    judge(Oracle.MOVE_BUDGET, MoveOracle.over(budget, moves));
  }

  /** Judges the answer of a guarded door. */
  void passed(DrawnLoad load, Result.Batch answer, long tick, boolean isChanged) {
    count("ingests that a governor slows", load.isSlowing(tick) ? 1 : 0);
    count("ingests that a governor refuses", load.isRefusing(tick) ? 1 : 0);
    judge(Oracle.GUARDED_INGESTS, load.wrong(answer, tick, isChanged));
  }

  /** Judges a visibility cycle, the last of {@code publishes}; see {@link #scheduled}. */
  void published(
      LifecycleSnapshot before, LifecycleSnapshot after, long publishes, boolean hadNews) {
    losses.observe(after, publishes - 1);
    standing(after);
    if (level != AuditLevel.OFF && !hadNews) {
      copies(before, after);
    }
  }

  private void standing(LifecycleSnapshot after) {
    if (level != AuditLevel.OFF) {
      judge(Oracle.STANDING, StandingOracle.wrong(after));
    }
  }

  private void copies(LifecycleSnapshot before, LifecycleSnapshot after) {
    judge(Oracle.COPIES_KEPT, WorldOracles.fewerCopies(before, after));
  }

  void leaves(Transfer copy, LifecycleView books, StoryLinks links) {
    int chunk = books.chunkPosition(copy.chunk().orElseThrow().number());
    count("copies at risk that left", UrgencyOracle.isAtRisk(books, chunk) ? 1 : 0);
    judge(
        Oracle.COPIES_THAT_LEFT,
        UrgencyOracle.wrong(
            copy,
            books,
            (id, number) ->
                links.isUnderWay(id, number) || StoryPortals.holds(workers.get(id), number)));
  }

  /** Audits every state invariant, unless this state was audited before. */
  void auditState(LifecycleSnapshot now) {
    if (now != audited) {
      asked(Oracle.AUDITED_STATES, 1);
      Audit.require(Audit.check(now));
      audited = now;
    }
  }

  /** Judges that portals get the bytes they request. Unchanged parts are not judged again. */
  void audit(LifecycleSnapshot now, PortalAssignment routes, boolean isProven, Moment moment) {
    long changes = portals.takes();
    for (ScriptedWorker worker : workers.values()) {
      changes += worker.deletions();
    }
    if (changes == judgedChanges && routes == judgedRoutes) {
      return;
    }
    if (now.config().confirmation().isPerWorker() && isProven) {
      asked(Oracle.REAL_BYTES, 1);
      routed(routes);
    }
    ask(moment);
    judgedChanges = changes;
    judgedRoutes = routes;
  }

  /** Judges what is said about each worker that leaves, and about all workers at once. */
  void leaving(
      LifecycleSnapshot now,
      PortalAssignment routes,
      long tick,
      Function<WorkerId, Optional<Leaving>> said,
      Function<List<WorkerId>, List<Verdict>> saidOfAll) {
    if (level == AuditLevel.OFF || now == judgedLeaving) {
      return;
    }
    judgedLeaving = now;
    LeavingOracle oracle = new LeavingOracle(now, routes);
    List<WorkerId> all = new ArrayList<>();
    now.forEachWorker(worker -> {
      all.add(now.workerId(worker));
      if (now.worker(worker).status() == WorkerStatus.LEAVING) {
        judge(Oracle.WHAT_LEAVES, oracle.wrong(said.apply(now.workerId(worker)).orElseThrow()));
      }
    });
    List<Verdict> verdicts = saidOfAll.apply(all);
    for (Verdict each : verdicts) {
      count("workers that may stop", each.isSafe() ? 1 : 0);
      judge(Oracle.WHO_MAY_STOP, oracle.wrong(each));
    }
    judge(
        Oracle.WHO_MAY_STOP,
        oracle.wrongTogether(
            verdicts,
            (id, chunk) ->
                portals.mayAsk(
                    now.chunkKey(chunk),
                    Objects.requireNonNull(now.chunkNumber(chunk)),
                    workers.get(id),
                    losses,
                    tick)));
  }

  void routed(PortalAssignment routes) {
    bytes.whole(
        routes.routes(),
        (id, number) -> StoryPortals.holds(workers.get(id), number),
        (id, number) -> {
          ScriptedWorker worker = workers.get(id);
          return worker != null && worker.excuses().mayMiss(number);
        });
  }

  /** Sends every request that portals may send; a miss is fatal where bytes were proved. */
  void ask(Moment now) {
    if (level != AuditLevel.OFF) {
      long missed = findings.measuredMisses();
      asked(Oracle.PORTAL_ASKS, portals.ask(workers, losses, now.tick(), bytes));
      count("portal asks in vain", findings.measuredMisses() - missed);
    }
  }

  void deleting(
      ScriptedWorker worker,
      SliceEntry entry,
      LifecycleSnapshot books,
      PortalAssignment routes,
      Moment now) {
    if (StateQueries.isPromisedAnew(books, worker.id(), entry)) {
      worker.excuses().gaveUp(entry.number(), now.publishes());
      return;
    }
    List<PortalId> askers = portals.askers(entry.key(), entry.number(), worker, losses, now.tick());
    Optional<Route> newest = routes.route(entry.key());
    boolean isNamed = BytesOracle.asks(newest, entry.number(), worker.id());
    if (level == AuditLevel.OFF || (askers.isEmpty() && !isNamed)) {
      return;
    }
    if (!worker.excuses().arePromising(now.publishes())
        || losses.isPromiseVoid(worker.id(), entry.number(), now.publishes())) {
      // Routes that were made before it came back, or lost the bytes, promise nothing of it.
      worker.excuses().gaveUp(entry.number(), now.publishes());
      return;
    }
    if (lastResorts > 0) {
      lastResorts--;
      worker.excuses().gaveUp(entry.number(), now.publishes());
      return;
    }
    // If nobody asks and it is named all the same, that is for the audit to find.
    bytes.deletes(worker.id(), entry, newest, askers, () -> false);
  }
}
