package dev.stowage.placement.phases;

import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.DomainRule;
import dev.stowage.placement.board.MovementLedger;
import org.jspecify.annotations.Nullable;

/**
 * Finds a way for one replica to leave its worker: the first that is open, from the cheapest on.
 *
 * <ol>
 *   <li>Another held replica of the chunk is wanted again, which copies nothing.
 *   <li>The worker's successor, or else any worker with room, gets it.
 *   <li>Off a leaving worker, for the floor: one still there is wanted again where reserved, too.
 *   <li>Additions of this plan make room, or a chain of moves begins ({@link Relocation}).
 *   <li>It is given up, or as few others above their floors as make room are ({@link Victims}).
 * </ol>
 *
 * <p>None is tried twice. They cost walks of the pool, and searches under the budgets of {@link
 * Relocation}; chains that the movement budget refuses are rolled back. A replica waits if a later
 * plan can go on from there; else it is stuck, like an Elasticsearch shard that can neither remain
 * nor move. Replicas come one by one, and what one was promised binds the next: no better order is
 * looked for. {@link StuckReplicas} asks for room once more after leveling.
 */
final class WaysOut {
  enum Outcome {
    MOVED,

    /**
     * A later plan moves it: it waits for the budget, a drain, moves that make room, the worker
     * that takes it over, or a preempted replica of the chunk.
     */
    WAITS,

    /** No later plan moves it unless the fleet changes; a {@link PlacementPlan.Stuck} says why. */
    STUCK
  }

  private final Board board;
  private final Moves moves;
  private final Picker picker;
  private final MovementLedger ledger;
  private final Floors floors;
  private @Nullable Victims victims;

  /** Free or draining bytes by worker at the last look; null before the first. */
  private long @Nullable [] room;

  WaysOut(Board board, Moves moves, Picker picker, MovementLedger ledger, Floors floors) {
    this.board = board;
    this.moves = moves;
    this.picker = picker;
    this.ledger = ledger;
    this.floors = floors;
  }

  Outcome tryAll(int chunk, int worker, int because) {
    if (board.input.frozen || board.isPinnedPair(chunk, worker)) {
      return Outcome.STUCK;
    }
    if (!board.isMovable(chunk, board.slots.find(chunk, worker))) {
      return Outcome.WAITS; // this plan preempts a routed replica of the chunk
    }
    if (moves.wantAgain(chunk, worker, because)) {
      return Outcome.MOVED;
    }
    if (moves.successor(chunk, worker) >= 0 || seekRoom(chunk, worker)) {
      boolean mayMove = !ledger.isExhausted();
      return mayMove && moves.move(chunk, worker, because, false) ? Outcome.MOVED : Outcome.WAITS;
    }
    if (Readoption.exchangeNeeded(board, chunk, because, worker)) {
      return Outcome.MOVED;
    }
    Relocation relocation = floors.relocation();
    relocation.leaving = worker;
    Outcome outcome = relocate(chunk, worker, because, relocation);
    relocation.leaving = DomainRule.NOBODY;
    return outcome == Outcome.STUCK ? giveUpForIt(chunk, worker, because) : outcome;
  }

  private Outcome giveUpForIt(int chunk, int worker, int because) {
    int slot = board.slots.find(chunk, worker);
    if (Victims.mayGo(board, chunk, slot)) {
      board.supersede(chunk, slot, because);
      return Outcome.MOVED;
    }
    Relocation relocation = floors.relocation();
    boolean[] closed = relocation.closed;
    relocation.closed = picker.reserved;
    relocation.leaving = worker;
    Relocation.Moment before = relocation.now();
    boolean[] taken = workersOf(chunk);
    boolean isMade = victims(relocation).makeRoom(chunk, taken);
    relocation.leaving = DomainRule.NOBODY;
    relocation.closed = closed;
    if (!isMade) {
      return Outcome.STUCK;
    }
    if (ledger.isExhausted() || !board.tryCharge(ledger, before.mark())) {
      relocation.rollBack(before);
      return Outcome.WAITS;
    }
    for (int other = 0; other < taken.length; other++) {
      boolean isPromised = taken[other] && board.slots.find(chunk, other) < 0;
      picker.reserved[other] |= isPromised || relocation.onChain[other];
    }
    room = board.roomAfterDrains(); // these changes are promised already
    return Outcome.WAITS;
  }

  private Victims victims(Relocation relocation) {
    Victims known = victims;
    if (known == null) {
      known = new Victims(board, relocation);
      victims = known;
    }
    return known;
  }

  private Outcome relocate(int chunk, int worker, int because, Relocation relocation) {
    boolean[] before = relocation.closed;
    relocation.closed = picker.reserved;
    int to = relocation.makeRoomNow(chunk, ledger::redirect);
    relocation.closed = before;
    if (to >= 0 && moves.move(chunk, worker, because, false)) {
      return Outcome.MOVED;
    }
    if (to >= 0 || to == Relocation.HELD_BACK) {
      return Outcome.WAITS;
    }
    learnRoom(relocation);
    boolean waits = tryChain(chunk, relocation) || relocation.foreseeRoom(chunk);
    return waits ? Outcome.WAITS : Outcome.STUCK;
  }

  private boolean tryChain(int chunk, Relocation relocation) {
    boolean[] taken = workersOf(chunk);
    Relocation.Moment before = relocation.now();
    if (!relocation.makeRoomLater(chunk, taken, (worker, bytes) -> false)) {
      return false;
    }
    if (!board.tryCharge(ledger, before.mark())) {
      relocation.rollBack(before);
      return true;
    }
    for (int worker = 0; worker < picker.reserved.length; worker++) {
      picker.reserved[worker] |= relocation.onChain[worker];
    }
    room = board.roomAfterDrains(); // these changes are promised already
    return true;
  }

  private boolean[] workersOf(int chunk) {
    boolean[] holders = new boolean[board.fleet.count];
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      holders[board.slots.worker(slot)] = true;
    }
    return holders;
  }

  private void learnRoom(Relocation relocation) {
    long @Nullable [] before = room == null ? floors.roomWhenRelieved : room;
    room = board.roomAfterDrains();
    if (before == null) {
      relocation.refreshPending();
    } else {
      relocation.followRoom(before);
    }
  }

  boolean isWithout(int chunk, int worker) {
    return board.slots.find(chunk, worker) < 0 && board.fit.admits(chunk, worker);
  }

  boolean isOpen(int chunk, int worker, int from) {
    return board.slots.find(chunk, worker) < 0 && board.mayCome(chunk, worker, from);
  }

  /**
   * Focuses on a chunk and finds whether it fits somewhere now; the picker would remember a pick.
   */
  boolean seekRoom(int chunk, int from) {
    board.focus(chunk);
    for (int worker : board.pool(chunk).placeable) {
      if (picker.takesInstead(chunk, worker, from)) {
        return true;
      }
    }
    return false;
  }
}
