package dev.stowage.placement;

import dev.stowage.answer.Explanation;
import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.Reason;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.placement.answer.ActionList;
import dev.stowage.placement.answer.ChunkExplainer;
import dev.stowage.placement.answer.PlanDigest;
import dev.stowage.placement.answer.PlanOutcome;
import dev.stowage.placement.answer.Readings;
import dev.stowage.placement.answer.WorkerExplainer;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

  /** A search of a planner with bounded steps; see {@link PlacementPlan#cutShort}. */
  public enum Search {
    /** Chains of moves for a floor or a leaving replica; complete only for equal sizes. */
    RELOCATION
  }

  /**
   * An incomplete floor: a deferral (new chunk left out) or a shortfall (established chunk).
   *
   * @param chunk the chunk's position, or slot in a plan of a {@link WarmPlanner}
   * @param missing replicas missing of the floor, at least 1
   * @param reason the rule that refused
   * @param eligibleWorkers placeable workers that may hold it
   * @param largestRoomBytes the most room on one of them without a replica, 0 if none
   * @param isRaise whether the chunk has its former floor ({@link ChunkBits#RAISING})
   */
  public record Shortage(
      int chunk,
      int missing,
      Reason reason,
      int eligibleWorkers,
      long largestRoomBytes,
      boolean isRaise) {}

  /**
   * The factor of a weight in one pool under one cap.
   *
   * @param pool the pool
   * @param eligibleWorkers active workers that may take the chunks
   * @param cap the most replicas that weight could earn, at least 1, or {@link
   *     WeightPolicy#UNCAPPED}
   * @param targetMillionths the factor in millionths, at least the floor, whole unless smooth
   * @param reached the fewest replicas of an established chunk after the plan; the target if none
   */
  public record PoolFactor(
      int weight, PoolKey pool, int eligibleWorkers, int cap, long targetMillionths, int reached) {
    /** Returns the constraint of the pool. */
    public Eligibility eligibility() {
      return pool.eligibility();
    }

    /** Reports whether the cap bounds the factor, which then must not be a previous factor. */
    public boolean isCapped() {
      return targetMillionths >= (long) cap * PlacementConfig.ONE;
    }
  }

  /**
   * The copies that a plan leaves to later ones because its budget or a freeze keeps them back,
   * apart from those of raised floors and of workers that are to leave.
   *
   * @param grownCopies the copies below targets for which there is room
   * @param grownBytes their bytes, saturated
   * @param leveledCopies about the moves that bring all workers back to their level
   * @param leveledBytes their bytes, saturated
   */
  public record KeptBack(long grownCopies, long grownBytes, long leveledCopies, long leveledBytes) {
    /** Nothing is kept back. */
    public static final KeptBack NONE = new KeptBack(0, 0, 0, 0);

    /** The four figures. */
    static final Shape<KeptBack> SHAPE = Shape.derived("kept_back", KeptBack.class);

    /** Returns these copies and some more of a chunk below its target. */
    public KeptBack grown(int copies, long size) {
      long bytes = grownBytes;
      for (int copy = 0; copy < copies; copy++) {
        bytes = SaturatedSum.of(bytes, size);
      }
      return new KeptBack(grownCopies + copies, bytes, leveledCopies, leveledBytes);
    }

    /** Returns these copies and moves of the given bytes, each of a mean size. */
    public KeptBack leveled(long bytes, long meanSize) {
      long copies = bytes / Math.max(1, meanSize) + (bytes % Math.max(1, meanSize) > 0 ? 1 : 0);
      return new KeptBack(grownCopies, grownBytes, copies, bytes);
    }
  }

  /**
   * The quality of a plan, as in {@code summary.json} (simulation design, section 4).
   *
   * @param bytesAdded bytes that additions copy
   * @param bytesMinimum bytes any plan with equal replica counts and an even fill must copy; at
   *     most {@code bytesAdded}
   * @param bytesByCause bytes added by cause, without zeros
   * @param maxOverMeanFill the largest of the groups, in millionths
   * @param minOverMeanFill the least of the groups, in millionths
   * @param groups the active workers by water level, highest first
   * @param replicas wanted replicas after the plan
   */
  public record PlanFigures(
      long bytesAdded,
      long bytesMinimum,
      Map<Cause, Long> bytesByCause,
      long maxOverMeanFill,
      long minOverMeanFill,
      List<Group> groups,
      long replicas) {

    /**
     * Active workers with one water level, their fill in the most even distribution that spread,
     * eligibility and capacities permit (placement design, section 3).
     *
     * @param level that fill, in millionths of the capacity
     * @param members the workers, at least 1
     * @param maxOverMeanFill fill of the fullest over their mean fill, in millionths; 0 if empty
     * @param minOverMeanFill fill of the emptiest over their mean fill, in millionths; 0 if empty
     */
    public record Group(
        long level, List<WorkerId> members, long maxOverMeanFill, long minOverMeanFill) {
      /** Copies {@code members}. */
      public Group {
        members = List.copyOf(members);
      }

      /** Returns the number of workers. */
      public int workers() {
        return members.size();
      }
    }

    /** Thrown if a plan moves, or a worker holds, more bytes than a long can count. */
    public static final class TooLargeException extends ArithmeticException {
      private static final long serialVersionUID = 1;

      TooLargeException(String what) {
        super(what + " add up to more than " + Long.MAX_VALUE + " bytes, the most that is counted");
      }
    }
  }

  /**
   * The parts of the text of a {@link PlacementPlan#planHash}, in their order: 48 bits of a SHA-256
   * for each, in lower-case hex, with hyphens between.
   */
  public enum PlanPart {
    /** The settings, the budget in force and the freeze. */
    SETTINGS("the settings or the budget in force differ", true),
    /** The workers: their descriptions, marks and replacements. */
    WORKERS("the workers differ", true),
    /** The chunks, and what policies ask for them: weights, floors, caps and labels. */
    CHUNKS("the chunks or what is asked for them differ", true),
    /** Pins and bans, and what the rebalancer advises. */
    WISHES("the pins, bans or advice differ", true),
    /** The workers that hold chunks, or are to hold them. */
    HOLDERS("the workers that hold chunks differ", false),
    /** The actions, by what workers possess and portals read. */
    ACTIONS("the actions differ", false);

    private static final String SEPARATOR = "-";
    private static final int DIGITS = 12;

    private final String difference;
    private final boolean isByCommand;

    PlanPart(String difference, boolean isByCommand) {
      this.difference = difference;
      this.isByCommand = isByCommand;
    }

    /** Returns the first part in which two hashes differ; empty if one of them is none. */
    public static Optional<PlanPart> firstDifferent(String reviewed, String found) {
      String[] one = reviewed.split(SEPARATOR);
      String[] other = found.split(SEPARATOR);
      for (PlanPart part : values()) {
        int at = part.ordinal();
        if (at < one.length && at < other.length && !one[at].equals(other[at])) {
          return Optional.of(part);
        }
      }
      return Optional.empty();
    }

    /** Returns what differs, by what ({@code ""} if unknown), and what to do. */
    public String difference(String by) {
      String remedy =
          isByCommand ? "review again" : "wait until nothing is to go, or freeze, and review";
      return difference + (by.isEmpty() ? "" : ", newest by " + by) + "; " + remedy;
    }

    static String hash(String... digests) {
      StringBuilder hash = new StringBuilder();
      for (String digest : digests) {
        hash.append(hash.isEmpty() ? "" : SEPARATOR).append(digest, 0, DIGITS);
      }
      return hash.toString();
    }
  }
}
