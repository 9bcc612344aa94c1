package dev.stowage.placement;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a {@link PlacementPlanner}: what should be held, the steps that lead there, and
 * what stays short. Immutable and thread-safe; it keeps its input alive.
 */
public final class PlacementPlan {
  /** No partner. */
  public static final int NO_PARTNER = -1;

  private final PlacementInput input;
  private final Board board;
  private final Slots slots;
  private final ActionList actions;
  private final List<Shortage> deferrals;
  private final List<Shortage> shortfalls;
  private final List<PoolFactor> factors;
  private final PlanFigures figures;
  private final @Nullable Numbering numbering;

  PlacementPlan(Board board, ActionList actions, PlanOutcome outcome) {
    input = board.input;
    this.board = board;
    slots = board.slots;
    this.actions = actions;
    deferrals = List.copyOf(outcome.deferrals());
    shortfalls = List.copyOf(outcome.shortfalls());
    factors = List.copyOf(outcome.factors());
    figures = outcome.figures();
    numbering = null;
  }

  private PlacementPlan(PlacementPlan same, Numbering numbering) {
    input = same.input;
    board = same.board;
    slots = same.slots;
    actions = same.actions;
    deferrals = same.deferrals;
    shortfalls = same.shortfalls;
    factors = same.factors;
    figures = same.figures;
    this.numbering = numbering;
  }

  /** The same plan in the numbers of whoever fed a planner. */
  PlacementPlan renumbered(Numbering names) {
    return new PlacementPlan(this, names);
  }

  /** What was planned from. */
  public PlacementInput input() {
    return input;
  }

  /** The number of actions; they are ordered by (chunk, worker). */
  public int actionCount() {
    return actions.count();
  }

  /** What an action does. */
  public ActionKind kind(int action) {
    return actions.kind(checkAction(action));
  }

  /** The chunk of an action. */
  public int actionChunk(int action) {
    int chunk = actions.chunk(checkAction(action));
    return numbering == null ? chunk : numbering.chunkOf()[chunk];
  }

  /** The worker of an action. */
  public int actionWorker(int action) {
    int worker = actions.worker(checkAction(action));
    return numbering == null ? worker : numbering.workerOf()[worker];
  }

  /** What an action is for. */
  public Cause cause(int action) {
    return actions.cause(checkAction(action));
  }

  /** The rule behind an action. */
  public Reason reason(int action) {
    return actions.reason(checkAction(action));
  }

  /**
   * The action that an action depends on: for a preemption the addition that it makes room for, for
   * the superseding half of a move the addition that replaces it, else {@link #NO_PARTNER}. Whoever
   * strikes the partner must strike the action.
   */
  public int partner(int action) {
    return actions.partner(checkAction(action));
  }

  /** How many workers a chunk is wanted on. */
  public int wantedCount(int chunk) {
    return countWanted(position(chunk));
  }

  private int countWanted(int chunk) {
    int count = 0;
    int end = slots.end(chunk);
    for (int slot = slots.begin(chunk); slot < end; slot++) {
      if (isWanted(slot)) {
        count++;
      }
    }
    return count;
  }

  /** The workers that a chunk is wanted on, ascending. */
  public int[] wantedWorkers(int chunk) {
    int[] workers = wantedPositions(position(chunk));
    if (numbering != null) {
      int[] workerOf = numbering.workerOf();
      Arrays.setAll(workers, i -> workerOf[workers[i]]);
    }
    return workers;
  }

  private int[] wantedPositions(int chunk) {
    int[] workers = new int[countWanted(chunk)];
    int count = 0;
    int end = slots.end(chunk);
    for (int slot = slots.begin(chunk); slot < end; slot++) {
      if (isWanted(slot)) {
        workers[count++] = slots.worker(slot);
      }
    }
    return workers;
  }

  /** Whether a chunk is wanted on a worker. */
  public boolean wants(int chunk, int worker) {
    for (int wanted : wantedWorkers(chunk)) {
      if (wanted == worker) {
        return true;
      }
    }
    return false;
  }

  /** New chunks that are left out, in canonical order. */
  public List<Shortage> deferrals() {
    return numbered(deferrals);
  }

  /** Established chunks that stay below their floor, in canonical order. */
  public List<Shortage> shortfalls() {
    return numbered(shortfalls);
  }

  /** The factors by pool and weight, in order of (pool, weight). */
  public List<PoolFactor> factors() {
    return factors;
  }

  /** The figures by which a plan is judged. */
  public PlanFigures figures() {
    return figures;
  }

  /** Whether nothing changes and nothing stays short. */
  public boolean isIdle() {
    return actions.count() == 0 && deferrals.isEmpty() && shortfalls.isEmpty();
  }

  /** A SHA-256, in lower-case hex, of everything that the plan says; computed at each call. */
  public String planHash() {
    PlanDigest digest = new PlanDigest();
    for (int chunk = 0; chunk < input.chunkCount(); chunk++) {
      digest.add(chunk).add(input.keyHash(chunk));
      for (int worker : wantedPositions(chunk)) {
        digest.add(worker);
      }
    }
    for (int action = 0; action < actions.count(); action++) {
      digest.add(actions.chunk(action)).add(actions.worker(action)).add(actions.meta(action));
    }
    digest.add(deferrals).add(shortfalls).add(factors);
    return digest.hex();
  }

  /**
   * Why a chunk is where it is, is not elsewhere, or is deferred.
   *
   * @param chunkName how a chunk at a position is called
   */
  public Explanation explain(int chunk, IntFunction<String> chunkName) {
    return new ChunkExplainer(board, position(chunk), at -> chunkName.apply(chunk))
        .explain(deferrals, shortfalls);
  }

  /** Why a worker is as full as it is. */
  public Explanation explainWorker(int worker) {
    int at =
        numbering == null
            ? Objects.checkIndex(worker, input.workerCount())
            : Objects.checkIndex(numbering.positionOfWorker()[worker], input.workerCount());
    return new WorkerExplainer(board, at).explain();
  }

  private int position(int chunk) {
    return numbering == null
        ? Objects.checkIndex(chunk, input.chunkCount())
        : Objects.checkIndex(numbering.positionOfChunk()[chunk], input.chunkCount());
  }

  private List<Shortage> numbered(List<Shortage> shortages) {
    Numbering names = numbering;
    return names == null
        ? shortages
        : shortages.stream().map(each -> each.at(names.chunkOf()[each.chunk()])).toList();
  }

  private boolean isWanted(int slot) {
    return Slots.isWanted(slots.bits(slot))
        && input.workers[slots.worker(slot)].status().isPresent();
  }

  private int checkAction(int action) {
    return Objects.checkIndex(action, actions.count());
  }
}
