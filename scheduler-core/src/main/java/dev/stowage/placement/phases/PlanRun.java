package dev.stowage.placement.phases;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.IntList;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlan.PlanFigures;
import dev.stowage.placement.answer.ActionList;
import dev.stowage.placement.answer.Figures;
import dev.stowage.placement.answer.PlanOutcome;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.NewCopies;
import dev.stowage.placement.board.PlanStart;
import dev.stowage.placement.board.Scan;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.fleet.Fleet;
import dev.stowage.placement.fleet.ReplicationTargets;
import dev.stowage.placement.input.FlatInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One plan: a greedy pass on top of what is held, then local improvement, in the steps of the
 * placement design, section 3. Goals have a fixed order, as in Kafka's Cruise Control: floors, then
 * bonuses, then evenness; no step takes a chunk below its floor for the sake of another.
 *
 * <p>A scan judges the chunks (a warm planner judges those that changed), and each step walks
 * finite lists of what the scan found. It goes on with a chunk only after a change that brought the
 * chunk nearer to its goal, so a plan ends; searches for chains of moves have a budget besides
 * ({@link Relocation}). Where nothing is short and no worker off its level, a plan costs the scan,
 * the water levels and some steps for each listed chunk. Shortages look at every replica, and to
 * fill a worker is to look at the hash of every chunk.
 *
 * <p>To pack replicas of mixed sizes is as hard as bin packing (Garey and Johnson, "Computers and
 * Intractability", 1979), and a plan does not look for an optimum: each step runs once. Two things
 * alone are tried again at the end, because moves may have left room: new chunks that were left
 * out, and stuck replicas.
 */
public final class PlanRun {
  private final FlatInput input;
  private final Board board;
  private final ReplicationTargets targets;
  private final Scan scan;
  private final Picker picker;
  private final MovementLedger ledger;

  public PlanRun(PlanStart opening) {
    board = opening.board();
    input = board.input;
    targets = opening.targets();
    scan = opening.scan();
    picker = new Picker(board);
    ledger = new MovementLedger(input);
  }

  public static PlanRun of(FlatInput input) {
    Fleet fleet = new Fleet(input);
    ReplicationTargets targets = ReplicationTargets.of(input, fleet);
    Board board = new Board(input, fleet, targets);
    return new PlanRun(new PlanStart(board, targets, Scan.of(board, targets)));
  }

  /** Makes the plan. */
  public PlanOutcome run() {
    setLevels();
    Preemption preemption = new Preemption(board, picker);
    Floors floors = new Floors(board, picker, preemption, ledger);
    placeFloors(floors, preemption);
    floors.relieve();
    Moves moves = new Moves(board, picker, ledger);
    StuckReplicas stuck = new StuckReplicas(board, moves, picker, ledger, floors);
    Growth growth = new Growth(board, picker, ledger);
    growth.shrink(scan.attention);
    moves.replaceGivenUp(scan.odd);
    if (input.frozen) {
      growth.keepBack(scan.attention);
      keepBack(new Leveling(board, picker, ledger));
      stuck.relieve(scan.odd);
    } else {
      empty(moves, stuck);
      growth.grow(scan.attention); // later it would find the room that replicas need to leave
      followWishes(moves);
      level(floors, stuck);
    }
    picker.endPouring();
    floors.reconsider();
    dropGivenUp();
    return outcome(floors, preemption, stuck);
  }

  private void setLevels() {
    board.searches.expect(board.fleet.order.length, scan.replicas() + floors(scan.fresh));
    WaterLevel.set(board, scan.demand);
    picker.learnLevels();
    board.learnCuts();
    scan.hurry();
    board.newCopies = scan.fresh.isEmpty() ? null : new NewCopies(board, scan.fresh);
    picker.beginPouring();
    board.slots.expect(scan.expectedSlots());
    board.slots.touched.expect(scan.attention.size());
  }

  private long floors(IntList chunks) {
    long sum = 0;
    for (int i = 0; i < chunks.size(); i++) {
      sum += board.chunks.floor(chunks.get(i));
    }
    return sum;
  }

  private void placeFloors(Floors floors, Preemption preemption) {
    floors.restore(scan.starved);
    floors.place(scan.fresh);
    floors.chargeAll(scan.starved);
    floors.chargeAll(scan.fresh);
    ledger.payDebt();
    preemption.settleCauses();
  }

  private void empty(Moves moves, StuckReplicas stuck) {
    new CapacityCuts(board, moves, ledger).cut();
    moves.leaveToTakeOver();
    moves.evacuate(scan.odd);
    stuck.relieve(scan.odd);
  }

  private void followWishes(Moves moves) {
    moves.followPins();
    moves.followIntents();
    moves.spread(scan.attention);
  }

  private void level(Floors floors, StuckReplicas stuck) {
    picker.endPouring();
    if (scan.relevel()) {
      WaterLevel.set(board, scan.demand);
      picker.learnLevels();
    }
    Leveling leveling = new Leveling(board, picker, ledger);
    leveling.level(floors.isAllPlaced() && stuck.list().isEmpty());
    stuck.reconsider();
    if (ledger.isExhausted() || ledger.refusals() > 0) {
      keepBack(leveling);
    }
  }

  private void keepBack(Leveling leveling) {
    long mean = 0;
    for (int worker : board.fleet.order) {
      mean += board.wantedBytes(worker) / Math.max(1, scan.replicas());
    }
    ledger.keepLeveling(leveling.leftBytes(), mean);
  }

  /** Supersedes given-up replicas in full domains, because their replacements lie beside them. */
  private void dropGivenUp() {
    for (int i = 0; board.domains.isAny() && i < scan.odd.size(); i++) {
      board.domains.dropGivenUp(scan.odd.get(i), Slots.because(Cause.REPAIR, Reason.GIVEN_UP));
    }
  }

  private PlanOutcome outcome(Floors floors, Preemption preemption, StuckReplicas stuck) {
    scan.noteReached();
    ActionList actions = ActionList.of(board, preemption.rooms());
    @Nullable PlanFigures figures =
        Figures.of(board, scan, actions, demand -> WaterLevel.of(board, demand));
    board.settle();
    List<PlacementPlan.Stuck> left = stuck.list();
    return new PlanOutcome(
        board,
        actions,
        floors.deferrals,
        floors.shortfalls,
        left,
        board.searches.cutShort(floors.isAllPlaced() && left.isEmpty()),
        targets.report(),
        PlanOutcome.Carry.of(scan, ledger),
        figures);
  }
}
