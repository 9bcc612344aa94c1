package dev.stowage.placement;

import dev.stowage.placement.answer.ActionList;
import dev.stowage.placement.answer.ChunkExplainer;
import dev.stowage.placement.answer.PlanDigest;
import dev.stowage.placement.answer.PlanOutcome;
import dev.stowage.placement.answer.Words;
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
 * The answer of a {@link PlacementPlanner}: what should be held, the steps that lead there, and
 * what stays short. Immutable and thread-safe; it keeps its input alive.
 *
 * <p>Chunks and workers go by their positions in the input. In a plan of a {@link WarmPlanner} they
 * go by their slots, and whatever is looked up (all but actions, deferrals, shortfalls, stuck
 * replicas, searches, factors and figures) is refused with {@link IllegalStateException} once that planner
 * knows other things.
 */
public final class PlacementPlan {
  /** No partner. */
  public static final int NO_PARTNER = ActionList.NO_PARTNER;

  /**
   * A replica that should leave its worker and cannot, although no budget holds it back: the worker
   * is leaving, may no longer hold it, or holds more than its capacity.
   *
   * @param chunk the chunk's position; its slot, in a plan of a {@link WarmPlanner}
   * @param worker the position or the slot of the worker that it should leave
   * @param reason the first that holds
   * @param eligibleWorkers active workers that may be given it and have no replica of it
   * @param mostRoomBytes the greatest free bytes on one of these after this plan, 0 if there is
   *     none; a worker that holds as many replicas as it may has none
   */
  public record Stuck(
      int chunk, int worker, Hindrance reason, int eligibleWorkers, long mostRoomBytes) {
    /** Why a replica cannot leave its worker, in the order in which they are looked at. */
    public enum Hindrance {
      /** The fleet is frozen: nothing moves. */
      FROZEN,
      /** It is pinned to the worker. */
      PINNED,
      /** No other active worker may hold it and has no replica of it. */
      TOO_FEW_WORKERS,
      /** Every such worker lies in a domain that has as many of its replicas as it may. */
      DOMAIN_LIMIT,
      /**
       * There are such workers, and none has room: not by moving others, nor once what drains there
       * is gone.
       */
      NO_ROOM;

      /**
       * Why, in words.
       *
       * @param eligibleWorkers as in {@link Stuck}
       * @param mostRoomBytes as in {@link Stuck}
       */
      public String inWords(int eligibleWorkers, long mostRoomBytes) {
        return Words.why(this)
            + " ("
            + Words.name(this)
            + "); "
            + Words.count(eligibleWorkers, "other worker")
            + " may take it, the most room on one is "
            + mostRoomBytes
            + " bytes";
      }
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

  /**
   * A plan that is made.
   *
   * @param again how another input is planned in the same way
   */
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

  /**
   * What was planned from. In a plan of a {@link WarmPlanner} it is put together at each call, and
   * chunks and workers have other numbers there: their places in canonical order.
   */
  public PlacementInput input() {
    requireCurrent();
    return new PlacementInput(board.catalogue.input(board.input));
  }

  /** Whether things can still be looked up. */
  boolean isCurrent() {
    return version == board.catalogue.version();
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
    return actions.chunk(checkAction(action));
  }

  /** The worker of an action. */
  public int actionWorker(int action) {
    return actions.worker(checkAction(action));
  }

  /** The size of an action's chunk in bytes. */
  long actionBytes(int action) {
    requireCurrent();
    return board.chunks.size[actions.chunk(checkAction(action))];
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

  /** The workers that a chunk is wanted on, in canonical order. */
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

  /** Whether a chunk is wanted on a worker. */
  public boolean wants(int chunk, int worker) {
    requireCurrent();
    int slot = slots.find(checkChunk(chunk), worker);
    return slot >= 0 && isWanted(slot);
  }

  /** New chunks that are left out, in canonical order. */
  public List<Shortage> deferrals() {
    return deferrals;
  }

  /** Established chunks that stay below their floor, in canonical order. */
  public List<Shortage> shortfalls() {
    return shortfalls;
  }

  /**
   * Replicas that should leave their worker and cannot, although no budget holds them back, in
   * canonical order. Of a worker over its capacity these are as few as bring it within.
   */
  public List<Stuck> stuck() {
    return stuck;
  }

  /**
   * Returns the searches that gave up, in their order: more may be possible than the plan says. Those
   * that make room are left out where nothing stays short or stuck.
   */
  public List<Search> cutShort() {
    return cutShort;
  }

  /** The factors by pool and weight, in order of (pool, weight). */
  public List<PoolFactor> factors() {
    return factors;
  }

  /**
   * The figures by which a plan is judged.
   *
   * @throws PlanFigures.TooLargeException if what the plan copies, or what a worker holds, exceeds
   *     the largest long
   */
  public PlanFigures figures() {
    return counted(figures);
  }

  private static PlanFigures counted(@Nullable PlanFigures figures) {
    if (figures == null) {
      throw new PlanFigures.TooLargeException(
          "the sizes of what is copied, or held by one worker,");
    }
    return figures;
  }

  /**
   * The bytes that the movement budget puts off: what the same plan would copy without a budget and
   * without a debt, less what this one copies, at least 0. With one fleet-wide budget, equal sizes
   * and no relocation, divided by the budget, it is the number of cycles left. Planned anew at each
   * call; not to be asked in every cycle.
   *
   * @throws PlanFigures.TooLargeException if what one of the two plans copies exceeds the largest
   *     long
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

  /** Whether the floors of all chunks exceed the saturated capacity. */
  public boolean isBackpressure() {
    return carry.backpressure();
  }

  /** Bytes moved beyond the budget, to be handed to the next input. */
  public long debtBytes() {
    return carry.debtBytes();
  }

  /** Replicas moved beyond the budget, to be handed to the next input. */
  public long debtReplicas() {
    return carry.debtReplicas();
  }

  /** Whether nothing changes, and nothing stays short or stuck. */
  public boolean isIdle() {
    return actions.count() == 0 && isFeasible();
  }

  /** Whether nothing stays short or stuck. */
  public boolean isFeasible() {
    return deferrals.isEmpty() && shortfalls.isEmpty() && stuck.isEmpty();
  }

  /** A SHA-256, in lower-case hex, of everything that the plan says; computed at each call. */
  public String planHash() {
    requireCurrent();
    int[] chunks = board.catalogue.canonicalChunks();
    PlanDigest digest = new PlanDigest();
    int[] place = new int[board.chunks.count];
    int[] rank = board.fleet.rank;
    digest.add(chunks.length);
    for (int at = 0; at < chunks.length; at++) {
      int chunk = chunks[at];
      place[chunk] = at;
      digest.add(board.chunks.keyHash[chunk]).add(wantedCount(chunk));
      for (int slot = slots.begin(chunk); slot < slots.end(chunk); slot++) {
        if (isWanted(slot)) {
          digest.add(rank[slots.worker(slot)]);
        }
      }
    }
    digest.add(actions.count());
    for (int action = 0; action < actions.count(); action++) {
      digest.add(place[actions.chunk(action)]).add(rank[actions.worker(action)]);
      digest.add(actions.kind(action)).add(actions.flags(action));
      digest.add(actions.cause(action)).add(actions.reason(action));
    }
    hash(digest, deferrals, place);
    hash(digest, shortfalls, place);
    for (Stuck each : stuck) {
      digest.add(place[each.chunk()]).add(rank[each.worker()]).add(each.reason());
      digest.add(each.eligibleWorkers()).add(each.mostRoomBytes());
    }
    cutShort.forEach(digest::add);
    digest.add(factors.size());
    for (PoolFactor each : factors) {
      digest.add(each.weight()).add(each.eligibility()).add(each.eligibleWorkers());
      digest.add(each.targetMillionths()).add(each.reached());
    }
    return digest.hex();
  }

  private static void hash(PlanDigest digest, List<Shortage> shortages, int[] place) {
    digest.add(shortages.size());
    for (Shortage each : shortages) {
      digest.add(place[each.chunk()]).add(each.missing()).add(each.reason());
      digest.add(each.eligibleWorkers()).add(each.largestRoomBytes());
    }
  }

  /**
   * Why a chunk is where it is, is not elsewhere, or is deferred.
   *
   * @param chunkName how a chunk at a position is called
   */
  public Explanation explain(int chunk, IntFunction<String> chunkName) {
    requireCurrent();
    return new ChunkExplainer(board, checkChunk(chunk), chunkName)
        .explain(deferrals, shortfalls, stuck);
  }

  /** Why a worker is as full as it is. */
  public Explanation explainWorker(int worker) {
    requireCurrent();
    return new WorkerExplainer(board, Objects.checkIndex(worker, board.fleet.count)).explain(stuck);
  }

  /** What the plan was made on, for whoever tells of it. */
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
