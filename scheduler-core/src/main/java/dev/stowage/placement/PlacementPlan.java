package dev.stowage.placement;

import dev.stowage.answer.Cause;
import dev.stowage.answer.Explanation;
import dev.stowage.config.Reason;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.answer.ActionList;
import dev.stowage.placement.answer.ChunkExplainer;
import dev.stowage.placement.answer.PlanDigest;
import dev.stowage.placement.answer.PlanOutcome;
import dev.stowage.placement.answer.Readings;
import dev.stowage.placement.answer.WorkerExplainer;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.input.FlatInput;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a {@link PlacementPlanner}. Immutable and thread-safe; keeps its input alive.
 * Chunks and workers are positions, or slots of a {@link WarmPlanner}. Once that planner changes,
 * all but actions, deferrals, shortfalls, stuck replicas, searches, factors and figures throw
 * {@link IllegalStateException}.
 */
public final class PlacementPlan {
  /** No partner. */
  public static final int NO_PARTNER = ActionList.NO_PARTNER;

  /**
   * A replica that should leave its worker and cannot, apart from the budget.
   *
   * @param chunk the chunk's position or slot
   * @param worker the position or slot of the worker to leave
   * @param reason the first that holds
   * @param eligibleWorkers active workers without a replica that may take one
   * @param mostRoomBytes the most usable free bytes on one of these after this plan, 0 if none
   */
  public record Stuck(
      int chunk, int worker, Reason reason, int eligibleWorkers, long mostRoomBytes) {
    /** Returns the reason in words, with these numbers. */
    public String inWords() {
      return reason.inWordsOfStuck(eligibleWorkers, mostRoomBytes);
    }
  }

  private final Board board;
  private final long version;
  private final Slots slots;
  private final ActionList actions;
  private final List<Shortage> deferrals;
  private final List<Shortage> shortfalls;
  private final List<Stuck> stuck;
  private final List<Search> cutShort;
  private final List<PoolFactor> factors;
  private final PlanOutcome.Carry carry;
  private final @Nullable PlanFigures figures;
  private final Function<FlatInput, PlanOutcome> again;

  /** Wraps an outcome; {@code again} plans another input with this planner. */
  PlacementPlan(PlanOutcome outcome, Function<FlatInput, PlanOutcome> again) {
    this.again = again;
    board = outcome.board();
    version = board.catalogue.version();
    slots = board.slots;
    actions = outcome.actions();
    deferrals = List.copyOf(outcome.deferrals());
    shortfalls = List.copyOf(outcome.shortfalls());
    stuck = List.copyOf(outcome.stuck());
    cutShort = outcome.cutShort();
    factors = List.copyOf(outcome.factors());
    carry = outcome.carry();
    figures = outcome.figures();
  }

  /** Returns the input. For a {@link WarmPlanner} it is built anew, with canonical positions. */
  public PlacementInput input() {
    requireCurrent();
    return new PlacementInput(board.catalogue.input(board.input));
  }

  boolean isCurrent() {
    return version == board.catalogue.version();
  }

  /** Returns the number of actions, which are ordered by (chunk, worker). */
  public int actionCount() {
    return actions.count();
  }

  /** Returns the kind of an action. */
  public ActionKind kind(int action) {
    return actions.kind(checkAction(action));
  }

  /** Returns the chunk of an action. */
  public int actionChunk(int action) {
    return actions.chunk(checkAction(action));
  }

  /** Returns the worker of an action. */
  public int actionWorker(int action) {
    return actions.worker(checkAction(action));
  }

  /** Returns the id of the worker with a number of this plan. */
  public WorkerId worker(int number) {
    requireCurrent();
    return board.fleet.worker(number).id();
  }

  long actionBytes(int action) {
    requireCurrent();
    return board.chunks.size[actions.chunk(checkAction(action))];
  }

  /** Returns the purpose of an action. */
  public Cause cause(int action) {
    return actions.cause(checkAction(action));
  }

  /** Returns the rule behind an action. */
  public Reason reason(int action) {
    return actions.reason(checkAction(action));
  }

  /**
   * Returns the addition that this preemption or supersession depends on, or {@link #NO_PARTNER}.
   * Dropping the addition requires dropping this action.
   */
  public int partner(int action) {
    return actions.partner(checkAction(action));
  }

  /** Returns the number of workers that a chunk is wanted on. */
  public int wantedCount(int chunk) {
    requireCurrent();
    int count = 0;
    int end = slots.end(checkChunk(chunk));
    for (int slot = slots.begin(chunk); slot < end; slot++) {
      if (isWanted(slot)) {
        count++;
      }
    }
    return count;
  }

  /** Returns the workers that a chunk is wanted on, in canonical order. */
  public int[] wantedWorkers(int chunk) {
    int[] workers = new int[wantedCount(chunk)];
    int count = 0;
    int end = slots.end(chunk);
    for (int slot = slots.begin(chunk); slot < end; slot++) {
      if (isWanted(slot)) {
        workers[count++] = slots.worker(slot);
      }
    }
    return workers;
  }

  /** Reports whether a chunk is wanted on a worker. */
  public boolean wants(int chunk, int worker) {
    requireCurrent();
    int slot = slots.find(checkChunk(chunk), worker);
    return slot >= 0 && isWanted(slot);
  }

  /** Returns the new chunks left out, in canonical order. */
  public List<Shortage> deferrals() {
    return deferrals;
  }

  /** Returns the established chunks below their floor, in canonical order. */
  public List<Shortage> shortfalls() {
    return shortfalls;
  }

  /** Returns stuck replicas in canonical order; per overfull worker as few as relieve it. */
  public List<Stuck> stuck() {
    return stuck;
  }

  /** Returns the searches that gave up; none if nothing stays short or stuck. */
  public List<Search> cutShort() {
    return cutShort;
  }

  /** Returns the factors, in order of (pool, weight, cap). */
  public List<PoolFactor> factors() {
    return factors;
  }

  /** Returns the figures; throws {@link PlanFigures.TooLargeException} if bytes exceed a long. */
  public PlanFigures figures() {
    return counted(figures);
  }

  private static PlanFigures counted(@Nullable PlanFigures figures) {
    if (figures == null) {
      throw new PlanFigures.TooLargeException(
          "the sizes of the copied replicas, or of those on one worker,");
    }
    return figures;
  }

  /**
   * Returns the changes of this plan; {@code chunk} names a number of it. Plans anew where a budget
   * holds something back, as {@link #budgetLeftOverBytes} does.
   */
  public PlanChanges changes(IntFunction<ChunkKey> chunk) {
    return ChangesOfPlan.of(this, chunk);
  }

  /**
   * Returns the bytes the budget postpones: a plan's without budget and debt less this plan's, at
   * least 0. Plans anew at each call. Throws {@link PlanFigures.TooLargeException} if bytes exceed
   * a long.
   */
  public long budgetLeftOverBytes() {
    requireCurrent();
    FlatInput planned = board.catalogue.input(board.input);
    if (planned.config.budget().isUnlimited()) {
      return 0;
    }
    PlanFigures free = counted(again.apply(planned.withoutBudget()).figures());
    return Math.max(0, free.bytesAdded() - figures().bytesAdded());
  }

  /** Returns the active workers by water level, highest first; none if figures are too large. */
  public List<PlanFigures.Group> groups() {
    return figures == null ? List.of() : figures.groups();
  }

  /** Reports whether the floors of all chunks exceed the saturated capacity. */
  public boolean isBackpressure() {
    return carry.backpressure();
  }

  /** Returns the bytes moved beyond the budget, for the next input. */
  public long debtBytes() {
    return carry.debtBytes();
  }

  /** Returns the replicas moved beyond the budget, for the next input. */
  public long debtReplicas() {
    return carry.debtReplicas();
  }

  /** Returns the growth and leveling that later plans are left. */
  public KeptBack keptBack() {
    return carry.keptBack();
  }

  /** Reports whether nothing changes and nothing stays short or stuck. */
  public boolean isIdle() {
    return actions.count() == 0 && isFeasible();
  }

  /** Reports whether nothing stays short or stuck. */
  public boolean isFeasible() {
    return deferrals.isEmpty() && shortfalls.isEmpty() && stuck.isEmpty();
  }

  /**
   * Computes the hash of what the planner read and of what it decided, by {@link PlanPart}, without
   * ticks. What changes by mere progress (possession, routes, windows) counts by what it decides.
   */
  public String planHash() {
    requireCurrent();
    Readings read = new Readings(board);
    return PlanPart.hash(
        read.settings().hex(),
        read.workers().hex(),
        read.chunks().hex(),
        read.wishes().hex(),
        read.sum(read::holders).hex(),
        decisionHash());
  }

  /** Computes the SHA-256 of the decisions alone, in lower-case hex. */
  String decisionHash() {
    requireCurrent();
    int[] rank = board.fleet.rank;
    PlanDigest digest = new Readings(board).sum(this::wanted);
    digest.add(actions.count());
    for (int action = 0; action < actions.count(); action++) {
      digest.add(key(actions.chunk(action))).add(rank[actions.worker(action)]);
      digest.add(actions.kind(action)).add(actions.flags(action));
      digest.add(actions.cause(action)).add(actions.reason(action));
    }
    hash(digest, deferrals);
    hash(digest, shortfalls);
    for (Stuck each : stuck) {
      digest.add(key(each.chunk())).add(rank[each.worker()]).add(each.reason());
      digest.add(each.eligibleWorkers()).add(each.mostRoomBytes());
    }
    cutShort.forEach(digest::add);
    digest.add(factors.size());
    for (PoolFactor each : factors) {
      digest.add(each.weight()).add(each.eligibility()).add(each.eligibleWorkers());
      digest.add(each.cap()).add(each.targetMillionths()).add(each.reached());
    }
    return digest.hex();
  }

  private long wanted(int chunk) {
    long fold = key(chunk);
    int end = slots.end(chunk);
    for (int slot = slots.begin(chunk); slot < end; slot++) {
      if (isWanted(slot)) {
        fold = Readings.folded(fold, board.fleet.rank[slots.worker(slot)]);
      }
    }
    return fold;
  }

  private long key(int chunk) {
    return board.chunks.keyHash[chunk];
  }

  private void hash(PlanDigest digest, List<Shortage> shortages) {
    digest.add(shortages.size());
    for (Shortage each : shortages) {
      digest.add(key(each.chunk())).add(each.missing()).add(each.reason());
      digest.add(each.eligibleWorkers()).add(each.largestRoomBytes());
    }
  }

  /** Explains the workers of a chunk or its deferral; {@code chunkName} names a position. */
  public Explanation explain(int chunk, IntFunction<String> chunkName) {
    requireCurrent();
    return new ChunkExplainer(board, checkChunk(chunk), chunkName)
        .explain(deferrals, shortfalls, stuck);
  }

  /** Explains how full a worker is. */
  public Explanation explainWorker(int worker) {
    requireCurrent();
    return new WorkerExplainer(board, Objects.checkIndex(worker, board.fleet.count)).explain(stuck);
  }

  Board board() {
    requireCurrent();
    return board;
  }

  private boolean isWanted(int slot) {
    return Slots.isWanted(slots.bits(slot)) && board.fleet.present[slots.worker(slot)];
  }

  private void requireCurrent() {
    if (!isCurrent()) {
      throw new IllegalStateException(
          "the planner has been fed since it made this plan: only what the plan itself lists can be"
              + " asked for");
    }
  }

  private int checkChunk(int chunk) {
    return Objects.checkIndex(chunk, board.chunks.count);
  }

  private int checkAction(int action) {
    return Objects.checkIndex(action, actions.count());
  }
}
