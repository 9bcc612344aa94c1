package dev.stowage.engine;

import dev.stowage.StowageConfig;
import dev.stowage.StowageListener;
import dev.stowage.audit.Audit;
import dev.stowage.audit.Violation;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.PlanningAdvice;
import dev.stowage.lifecycle.Preparation;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.Explanation;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveIntent;
import dev.stowage.rebalance.RebalancePass;
import dev.stowage.store.AssignmentIds;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.Commit;
import dev.stowage.store.Commit.CommitKey;
import dev.stowage.store.Commit.CommitOutcome;
import dev.stowage.store.FleetView;
import dev.stowage.store.HistoryHorizon;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.News;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreSession;
import dev.stowage.store.StoreTransaction;
import dev.stowage.store.TransactionScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One term of leading a fleet: a session, the mirror of the state, and the way of a command from
 * the decision to the disk. Belongs to the desk's lock.
 *
 * <p>What a command does to the mirror stands only if its commit does. A commit that failed is
 * undone, in the journal of the mirror where that is possible, by a reload where it is not; one
 * whose outcome is unknown is asked for by its key.
 */
public final class Leadership {
  private static final int TRIMMED_AT_ONCE = 10_000;
  private static final int MOST_TRIMMED_BATCHES = 100;

  private final ChunkStore store;
  private final StoreSession session;
  private final PlacementPlanner planner;
  private final StowageListener listener;
  private final StepAudit audit;
  private final EngineRecords records = new EngineRecords();
  private final ChangeNotes notes = new ChangeNotes();
  private final EvidenceTrails trails;
  private EvidenceTrail trail;
  private LifecycleState mirror;
  private Lifecycle lifecycle;
  private long sequence;
  private boolean stale;
  private boolean offersWait = true;
  private volatile FleetView view;

  private record Executed<R extends Result>(
      Tick tick, Command<R> command, Lifecycle.Outcome<R> outcome) {}

  Leadership(Seams seams, StoreSession session) {
    this.store = seams.store();
    this.session = session;
    this.planner = seams.planner();
    this.lifecycle = new Lifecycle(planner);
    this.listener = seams.listener();
    StowageConfig config = seams.config();
    this.audit = new StepAudit(config.audit());
    this.trails = new EvidenceTrails(config, seams.recorder());
    LoadedFleet loaded = session.load();
    if (loaded.state().isEmpty()) {
      loaded = session.found(config.fleet());
    }
    this.mirror = mirrorOf(loaded);
    this.trail = openTrail(loaded);
    takeInTick(loaded);
    this.view = FleetView.of(mirror);
  }

  /** A fleet without evidence is one that nothing was committed to since it began. */
  private EvidenceTrail openTrail(LoadedFleet loaded) {
    EvidenceTrail opened = trails.continuing(loaded.evidenceHead());
    if (loaded.evidenceHead().isEmpty()) {
      opened.stage(EngineRecords.FOUNDED, records.founded(mirror.lineage(), mirror.config()));
      opened.keep();
    }
    return opened;
  }

  /** Cycles that changed nothing left only their tick, and took their evidence with them. */
  private void takeInTick(LoadedFleet loaded) {
    if (loaded.seen().value() > mirror.largestTick().value()) {
      mirror.seen(loaded.seen());
      trail.stage(EngineRecords.SEEN, records.seen(loaded.seen()));
      trail.keep();
    }
  }

  /** Begins the lineage of the lease, where the store has lost commits. */
  void settleLineage(Tick tick) {
    if (!mirror.lineage().equals(session.lease().lineage())) {
      execute(new Command.BeginLineage(session.lease().lineage()), tick);
    }
  }

  /** Any command; a scheduling cycle and retention take more than one transaction. */
  public <R extends Result> R execute(Command<R> command, Tick tick) {
    Optional<R> refused = Lifecycle.refusal(mirror(), command);
    if (refused.isPresent()) {
      // What evidence has no room for is answered, and recorded nowhere.
      listener.executed(tick, command, refused.get());
      return refused.get();
    }
    if (command instanceof Command.Schedule cycle) {
      return command.kind().answer(schedule(cycle, VictimScores.NONE, tick));
    }
    if (command instanceof Command.Purge purge) {
      return command.kind().answer(purge(purge, tick));
    }
    return transact(scopeOf(command), () -> command, null, tick);
  }

  /** A visibility cycle whose windows begin at the tick that is answered inside the transaction. */
  Result.Published publish(LongSupplier commitTick, Tick tick) {
    return transact(
        TransactionScope.everyDataset(),
        () -> new Command.Publish(commitTick.getAsLong()),
        null,
        tick);
  }

  /**
   * A scheduling cycle in three parts: what was offered is admitted and committed; the plan is made
   * from the state as it is then, outside of any transaction; and carried out on the state at
   * commit. Where the plan gives up replicas, it is made again with the scores of these.
   */
  public Result.Scheduled schedule(Command.Schedule asked, VictimScores scores, Tick tick) {
    if (stale) {
      reload();
    }
    Result.Admitted admitted = offersWait ? execute(new Command.Admit(), tick) : null;
    offersWait = false;
    Preparation bare = lifecycle.prepare(mirror, asked.advice(), tick).orElse(null);
    if (bare == null) {
      return withAdmitted(transact(scopeOf(asked), () -> asked, null, tick), admitted);
    }
    Command.Schedule command = scored(asked, scores.of(mirror, bare));
    boolean isScored = !command.equals(asked);
    Planned planned =
        Planned.of(
            isScored ? lifecycle.prepare(mirror, command.advice(), tick).orElseThrow() : bare);
    trail.stage(EngineRecords.PREPARED, records.command(tick, command));
    return withAdmitted(transact(scopeOf(command), () -> command, planned, tick), admitted);
  }

  private static Command.Schedule scored(
      Command.Schedule asked, List<PlanningAdvice.Score> scores) {
    return scores.isEmpty() ? asked : new Command.Schedule(asked.advice().withScores(scores));
  }

  private static Result.Scheduled withAdmitted(
      Result.Scheduled cycle, Result.@Nullable Admitted admission) {
    return admission == null ? cycle : cycle.withAdmission(admission);
  }

  /** Retention; then old history goes too, in batches of a bounded size. */
  private Result.Purged purge(Command.Purge command, Tick tick) {
    Result.Purged purged = transact(scopeOf(command), () -> command, null, tick);
    long kept = trails.recordsKept();
    long horizon = tick.value() - mirror.config().retention().assignmentTicks();
    HistoryHorizon forget =
        new HistoryHorizon(
            Math.max(0, trail.durableIndex() - kept), horizon < 0 ? 0 : Math.max(0, horizon));
    int batches = 0;
    while (session.trimHistory(forget, TRIMMED_AT_ONCE) == TRIMMED_AT_ONCE
        && batches < MOST_TRIMMED_BATCHES) {
      batches++;
    }
    return purged;
  }

  /** Those who write to what a command decides about must wait for it. */
  private static TransactionScope scopeOf(Command<?> command) {
    CommandKind<?, ?> kind = command.kind();
    return switch (kind.locks()) {
      case NO_DATASET -> TransactionScope.noDataset();
      case NAMED_DATASETS -> TransactionScope.of(kind.datasets(command));
      case EVERY_DATASET -> TransactionScope.everyDataset();
    };
  }

  /**
   * One transaction: news, then what {@code asked} answers inside it; before that others for news
   * alone, while more of it waits than one can take.
   */
  private <R extends Result> R transact(
      TransactionScope scope, Supplier<Command<R>> asked, @Nullable Planned planned, Tick tick) {
    if (stale) {
      reload();
    }
    Executed<R> own = null;
    while (own == null) {
      List<Executed<?>> done = new ArrayList<>();
      try (StoreTransaction transaction = session.begin(scope)) {
        AssignmentIds expected = idsOf(mirror);
        News news = transaction.news();
        List<Commit.Consumed> consumed = takeIn(news, done);
        own = news.more() ? null : run(asked.get(), planned, tick, done);
        keep(transaction, expected, tick, consumed, own);
      } catch (RuntimeException e) {
        undo(done);
        throw e;
      }
      view = FleetView.of(mirror);
      done.forEach(it -> listener.executed(it.tick(), it.command(), it.outcome().result()));
    }
    return own.outcome().result();
  }

  private List<Commit.Consumed> takeIn(News news, List<Executed<?>> done) {
    List<Commit.Consumed> consumed = new ArrayList<>();
    for (News.Item item : news.items()) {
      Executed<?> taken = run(item.command(), null, item.tick(), done);
      consumed.add(new Commit.Consumed(item.mark(), taken.outcome().changes()));
    }
    return consumed;
  }

  private <R extends Result> Executed<R> run(
      Command<R> command, @Nullable Planned planned, Tick tick, List<Executed<?>> done) {
    audit.before(mirror, command);
    trail.stage(
        planned == null ? EngineRecords.COMMAND : EngineRecords.PLANNED,
        records.command(tick, command));
    Lifecycle.Outcome<R> outcome =
        planned == null
            ? lifecycle.decide(mirror, command, tick)
            : planned.execute(lifecycle, mirror, tick).as(command.kind());
    Executed<R> executed = new Executed<>(tick, command, outcome);
    notes.note(outcome.changes());
    offersWait |= command instanceof Command.Offer;
    done.add(executed);
    trail.stage(EngineRecords.RESULT, records.result(outcome));
    List<Violation> found = audit.after(mirror, command, outcome.result());
    if (!found.isEmpty()) {
      listener.violated(tick, command, found);
      Audit.require(found);
    }
    return executed;
  }

  /** Makes durable what a transaction did, evidence with it, as far as there is need. */
  private void keep(
      StoreTransaction transaction,
      AssignmentIds expected,
      Tick tick,
      List<Commit.Consumed> consumed,
      @Nullable Executed<?> own) {
    Optional<ChangeSet> changes =
        own == null || own.outcome().changes().isEmpty()
            ? Optional.empty()
            : Optional.of(own.outcome().changes());
    boolean isRest = consumed.isEmpty() && !trail.isFull();
    if (isRest && changes.isEmpty()) {
      transaction.verifyLease(expected);
      trail.keep();
    } else if (isRest && changes.get().isTickOnly()) {
      advance(transaction, expected);
      trail.keep();
    } else {
      commit(transaction, commitOf(expected, tick, consumed, changes));
      trail.keepDurable();
    }
  }

  private Commit commitOf(
      AssignmentIds expected,
      Tick tick,
      List<Commit.Consumed> consumed,
      Optional<ChangeSet> changes) {
    return new Commit(
        new CommitKey(session.lease().epoch(), ++sequence),
        expected,
        tick,
        consumed,
        changes,
        mirror.digest(),
        trail.undurable(),
        trail.head());
  }

  /** Commits, and where the outcome is unknown asks for it once. */
  private void commit(StoreTransaction transaction, Commit commit) {
    try {
      transaction.commit(commit);
    } catch (StorageException.Transient e) {
      if (e.outcome() == StorageException.Outcome.NOT_COMMITTED) {
        throw e;
      }
      // Whoever asks waits for transactions that are under way, which this one may still be.
      transaction.close();
      requireCommitted(commit.key(), e);
    }
  }

  private void advance(StoreTransaction transaction, AssignmentIds expected) {
    try {
      transaction.advance(expected, mirror.largestTick());
    } catch (StorageException.Transient e) {
      stale |= e.outcome() == StorageException.Outcome.UNKNOWN;
      throw e;
    }
  }

  private void requireCommitted(CommitKey key, StorageException.Transient unknown) {
    if (outcomeOf(key, unknown) != CommitOutcome.COMMITTED) {
      throw new StorageException.Transient(
          "commit " + key + " did not take place", StorageException.Outcome.NOT_COMMITTED, unknown);
    }
  }

  /** That the question failed says nothing of the commit, whatever it says of the question. */
  private CommitOutcome outcomeOf(CommitKey key, StorageException.Transient unknown) {
    try {
      return store.outcomeOf(key);
    } catch (RuntimeException unanswered) {
      stale = true;
      unknown.addSuppressed(unanswered);
      throw unknown;
    }
  }

  private void undo(List<Executed<?>> done) {
    trail.drop();
    audit.forget();
    if (stale) {
      return;
    }
    if (done.size() == 1) {
      mirror.rollback(done.get(0).outcome().changes());
    } else {
      stale = !done.isEmpty();
    }
  }

  /** Reads the state anew: what the mirror has seen may not be what is durable. */
  private void reload() {
    LoadedFleet loaded = session.load();
    mirror = mirrorOf(loaded);
    lifecycle = new Lifecycle(planner);
    if (!trail.resumesAt(loaded.evidenceHead())) {
      trail.log().flush();
      trail = openTrail(loaded);
    }
    takeInTick(loaded);
    offersWait = true;
    notes.noteEverything();
    audit.forget();
    view = FleetView.of(mirror);
    stale = false;
  }

  /** Stages the numbers of the moves that a pass asks for, beside the next commit. */
  public void stageMoves(RebalancePass pass) {
    for (MoveIntent move : pass.moves()) {
      for (MoveExplanation judged : pass.explained()) {
        if (judged.chunk().equals(move.chunk())) {
          trail.stage(EngineRecords.MOVE, records.move(pass.tick(), move, judged));
        }
      }
    }
  }

  /** Makes the next cycle plan even if nothing changed: what is asked of it did. */
  public void reconsider() {
    lifecycle.reconsider();
  }

  /** What commands changed since somebody looked. */
  public ChangeNotes notes() {
    return notes;
  }

  /** Executes a command and undoes it at once: what would happen now. */
  <R extends Result> R preview(Command<R> command, Tick tick) {
    if (stale) {
      reload();
    }
    Lifecycle.Outcome<R> outcome = lifecycle.execute(mirror, command, tick);
    mirror.rollback(outcome.changes());
    return outcome.result();
  }

  /** Plans as if asked anew, and explains a chunk by that plan; empty if it is not planned for. */
  public Optional<Explanation> explainPlacement(ChunkKey chunk, Tick tick) {
    return prepareAnew(tick).explain(chunk);
  }

  /** The same for a worker. */
  public Optional<Explanation> explainPlacement(WorkerId worker, Tick tick) {
    return prepareAnew(tick).explain(worker);
  }

  /** Even a resting fleet is planned for. */
  private Preparation prepareAnew(Tick tick) {
    LifecycleState state = mirror();
    lifecycle.reconsider();
    return lifecycle.prepare(state, PlanningAdvice.NONE, tick).orElseThrow();
  }

  private static LifecycleState mirrorOf(LoadedFleet loaded) {
    LifecycleState state = loaded.state().orElseThrow();
    if (state.digest() != loaded.digest()) {
      throw new StorageException.Corrupt(
          "the rows have digest "
              + Long.toHexString(state.digest())
              + ", beside them is kept "
              + Long.toHexString(loaded.digest())
              + "; restore the store from a backup",
          null);
    }
    return state;
  }

  private static AssignmentIds idsOf(LifecycleState state) {
    return new AssignmentIds(state.newestWorkerAssignment(), state.newestPortalAssignment());
  }

  StoreSession session() {
    return session;
  }

  /** The mirror, as of the last command; reloaded first if it cannot be trusted. */
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
