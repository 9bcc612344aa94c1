package dev.stowage.lifecycle.steps;

import dev.stowage.command.Result;
import dev.stowage.command.Result.Movement;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.HoldUntil;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.planning.PlanApplication;
import dev.stowage.lifecycle.planning.PlanMemory;
import dev.stowage.lifecycle.planning.PlanTask;
import dev.stowage.lifecycle.planning.PlannedRows;
import dev.stowage.lifecycle.planning.Planning;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.DeletionRule;
import dev.stowage.lifecycle.state.Hold;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlan.PoolFactor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The scheduling cycle (section 3): settle, admit, plan, apply. */
public final class SchedulingCycle {
  private final Tables tables;
  private final Journal journal;
  private final long tick;
  private final Planning planning;
  private final PlanMemory memory;
  private final List<ChunkKey> admitted = new ArrayList<>();
  private final List<ChunkKey> rejected = new ArrayList<>();
  private final ReportConsumer news;
  private final Settlement settlement;
  private final DeletionRule rule;
  private final Optional<HoldUntil.Wait> held;
  private PlanningAdvice asked = PlanningAdvice.NONE;

  /** Begins the cycle: takes in news, settles and admits. */
  public SchedulingCycle(Journal journal, long now, Planning planning, List<WorkerId> waiting) {
    this.journal = journal;
    this.planning = planning;
    memory = planning.memory();
    tables = journal.tables;
    tick = tables.time.advance(now);
    news = new ReportConsumer(journal, tick, waiting);
    settlement = new Settlement(journal, tick);
    rule = new DeletionRule(tables, tick);
    planning.collect();
    news.consumeAll();
    settlement.clearEnded();
    new Admission(journal).admitOffered(tick, admitted, rejected);
    tables.rules.raises.end();
    settlement.condemn(rule);
    held = Hold.judge(tables);
  }

  /** Returns what placing waits for. */
  public Optional<HoldUntil.Wait> held() {
    return held;
  }

  public Optional<PlanTask> prepare(PlanningAdvice advice) {
    asked = advice;
    boolean isAsked = !advice.equals(PlanningAdvice.NONE) || tables.fleet.debtBytes() > 0;
    return held.isPresent() || (!isAsked && memory.isFixedPoint(tables, tick))
        ? Optional.empty()
        : Optional.of(planning.prepare(tables, advice, settlement.condemned(), tick));
  }

  /** Prepares even if the last plan was final; {@code isApart} on a copy of the state. */
  public PlanTask foresee(PlanningAdvice advice, boolean isApart) {
    return isApart
        ? planning.prepareApart(tables.copy().fork(), advice, settlement.condemned(), tick)
        : planning.prepare(tables, advice, settlement.condemned(), tick);
  }

  public Result.Scheduled run(PlanningAdvice advice) {
    return finish(prepare(advice).orElse(null));
  }

  /** Carries out the plan of the input, or none. */
  public Result.Scheduled finish(@Nullable PlanTask fed) {
    long next = tables.fleet.workerAssignment() + 1;
    // A plan says nothing about changes that came while it was made.
    boolean isCurrent = fed != null && fed.isCurrent(tables, tick);
    PlanApplication application = null;
    if (fed != null && held.isEmpty()) {
      application = new PlanApplication(journal, tick, fed);
      application.apply(rule, next, settlement.condemned());
      remember(fed, isCurrent);
    } else {
      memory.standsAt(tick);
    }
    int settled = settlement.clearCondemned();
    Replacement.end(journal, it -> tables.workers.replicas(it.position()) == 0);
    boolean isPlanned = application != null && application.isContentChanged();
    boolean isMinted = news.isContentChanged() || settlement.isContentChanged() || isPlanned;
    isMinted |= news.found() > settlement.foundAndGone();
    isMinted |= stampIncarnations();
    if (application != null && application.isAdding()) {
      tables.keep(KeptValue.MOVED.with(tables.fleet.kept(KeptValue.MOVED).planned(tick)));
    }
    if (isMinted) {
      tables.fleet(it -> it.with(FleetRow.WORKER_ASSIGNMENT, next));
      journal.minted(WorkerAssignmentId.of(next));
    }
    if (application != null) {
      for (int slot : application.superseded()) {
        tables.replicas.superseded(slot, tables.fleet.workerAssignment());
        tables.work.restless.add(tables.replicas.chunk(slot));
      }
    }
    Movement movement =
        application == null
            ? new Movement(0, 0, 0, 0, 0, settled, Movement.NONE.bytesAddedByCause())
            : application.movement(settled);
    return new Result.Scheduled(
        Tick.of(tick),
        false,
        isMinted ? Optional.of(WorkerAssignmentId.of(next)) : Optional.empty(),
        admitted,
        rejected,
        held.isPresent() ? List.of() : memory.deferred(),
        held.isPresent() ? List.of() : memory.shortfalls(),
        held.isPresent() ? List.of() : memory.stuck(),
        held.isEmpty() && memory.isBackpressure(),
        settlement.held(),
        application == null ? 0 : application.struckCount(),
        movement,
        unknownBytes(),
        news.guarded(),
        (application != null && application.isMore())
            || (held.isEmpty() && fed != null && fed.newChunks().isBounded()),
        tables.waitingChunks(),
        fed == null ? PlannedRows.budget(tables, asked, tick) : fed.budget(),
        held,
        Optional.empty());
  }

  private void remember(PlanTask fed, boolean isCurrent) {
    PlacementPlan plan = fed.plan();
    FleetRow fleet = tables.fleet;
    List<FleetRow.Factor> factors = new ArrayList<>();
    for (PoolFactor factor : plan.factors()) {
      if (!factor.isCapped()) {
        factors.add(new FleetRow.Factor(factor.pool(), factor.weight(), factor.targetMillionths()));
      }
    }
    boolean isSettled = factors.equals(fleet.factors());
    // A plan in debt could not move; without debt the next one may.
    boolean wasOwing = fleet.debtBytes() > 0 || fleet.debtReplicas() > 0;
    tables.fleet(it ->
        it.with(FleetRow.FACTORS, isSettled ? fleet.factors() : factors)
            .with(FleetRow.DEBT_BYTES, plan.debtBytes())
            .with(FleetRow.DEBT_REPLICAS, plan.debtReplicas()));
    if (!plan.keptBack().equals(fleet.kept(KeptValue.KEPT_BACK))) {
      tables.keep(KeptValue.KEPT_BACK.with(plan.keptBack()));
    }
    memory.remember(fed, tables);
    if (plan.actionCount() == 0 && isSettled && isCurrent && !wasOwing) {
      memory.holds(tables, fed);
    }
  }

  private boolean stampIncarnations() {
    boolean isChanged = false;
    for (int position : tables.workers.inOrder(tables.work.headers.toArray())) {
      WorkerRow entry = tables.workers.entry(position);
      boolean isHolder = tables.workers.replicas(position) > 0;
      long published = isHolder ? entry.incarnation().value() : 0;
      if (entry.publishedIncarnation() != published) {
        isChanged |= isHolder;
        journal.worker(position, it -> it.with(WorkerRow.PUBLISHED_INCARNATION, published));
      }
    }
    journal.drain(tables.work.headers);
    return isChanged;
  }

  private List<WorkerId> unknownBytes() {
    List<WorkerId> workers = new ArrayList<>();
    for (int position : tables.workers.inOrder(journal.drain(tables.work.orphaned))) {
      WorkerRow entry = tables.workers.entry(position);
      if (!entry.orphans().isEmpty()) {
        workers.add(entry.id());
        tables.work.orphaned.add(position);
      }
    }
    return workers;
  }
}
