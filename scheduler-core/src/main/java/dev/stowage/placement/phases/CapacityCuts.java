package dev.stowage.placement.phases;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.WorkerIndex;
import dev.stowage.placement.fleet.Rank;
import dev.stowage.placement.input.Order;
import java.util.function.IntConsumer;

/**
 * Takes what exceeds a reduced capacity off workers. Chunks of pending swaps count, because the
 * swap may wait for this room; chunks marked for removal do not.
 */
final class CapacityCuts {
  private static final int BECAUSE = Slots.because(Cause.EVACUATE, Reason.OVER_CAPACITY);

  private final Board board;
  private final Moves moves;
  private final MovementLedger ledger;

  /** Wanted bytes of chunks marked for removal, by worker. */
  private final long[] going;

  /** The number of wanted replicas of chunks marked for removal, by worker. */
  private final int[] copiesGoing;

  CapacityCuts(Board board, Moves moves, MovementLedger ledger) {
    this.board = board;
    this.moves = moves;
    this.ledger = ledger;
    going = new long[board.fleet.count];
    copiesGoing = new int[going.length];
  }

  void cut() {
    boolean[] over = new boolean[board.fleet.count];
    boolean any = false;
    for (int worker = 0; worker < over.length; worker++) {
      over[worker] = board.fleet.present[worker] && isOver(worker);
      any |= over[worker];
    }
    if (!any) {
      return;
    }
    WorkerIndex index = board.chunksOn(over);
    for (int worker : board.fleet.order) {
      if (over[worker]) {
        cut(worker, index);
      }
    }
  }

  private boolean isOver(int worker) {
    return excess(worker) > 0 || copiesOver(worker) > 0;
  }

  private long excess(int worker) {
    return -board.free[worker] - board.leftover[worker] - going[worker];
  }

  private int copiesOver(int worker) {
    return board.copiesOver(worker) - copiesGoing[worker];
  }

  /** Moves what fits, then what covers the excess; then gives up, unpossessed replicas first. */
  private void cut(int worker, WorkerIndex index) {
    int from = index.start[worker];
    int count = index.start[worker + 1] - from;
    int[] chunks = new int[count];
    System.arraycopy(index.chunk, from, chunks, 0, count);
    countGoing(worker, chunks);
    long hash = board.fleet.hash[worker];
    int[] byRank =
        Order.by(
            chunks, count, chunk -> (int) (~Rank.of(board.chunks.keyHash[chunk], hash) >>> 33));
    int[] largest = Order.by(chunks, count, chunk -> Order.largestFirst(board.chunks.size[chunk]));
    long refusals = ledger.refusals();
    take(worker, byRank, chunk -> moves.move(chunk, worker, BECAUSE, true));
    take(worker, byRank, chunk -> moves.move(chunk, worker, BECAUSE, false));
    cover(worker, largest, chunk -> moves.move(chunk, worker, BECAUSE, false));
    takeCopies(worker, byRank, chunk -> moves.move(chunk, worker, BECAUSE, true));
    takeCopies(worker, byRank, chunk -> moves.move(chunk, worker, BECAUSE, false));
    if (ledger.refusals() > refusals) {
      return; // A later plan places what waits for the budget.
    }
    take(worker, byRank, chunk -> giveUp(chunk, worker, false));
    cover(worker, largest, chunk -> giveUp(chunk, worker, false));
    takeCopies(worker, byRank, chunk -> giveUp(chunk, worker, false));
    take(worker, byRank, chunk -> giveUp(chunk, worker, true));
    cover(worker, largest, chunk -> giveUp(chunk, worker, true));
    takeCopies(worker, byRank, chunk -> giveUp(chunk, worker, true));
  }

  private void countGoing(int worker, int[] chunks) {
    for (int chunk : chunks) {
      boolean isWanted = Slots.isWanted(board.slots.bits(board.slots.find(chunk, worker)));
      if (isWanted && board.chunks.is(chunk, ChunkBits.PINNED)) {
        going[worker] += board.chunks.size[chunk];
        copiesGoing[worker]++;
      }
    }
  }

  private void take(int worker, int[] order, IntConsumer off) {
    for (int i = 0; i < order.length && excess(worker) > 0; i++) {
      long size = board.chunks.size[order[i]];
      if (size > 0 && size <= excess(worker)) {
        off.accept(order[i]);
      }
    }
  }

  /** Takes replicas until the replica limit holds. */
  private void takeCopies(int worker, int[] order, IntConsumer off) {
    for (int i = 0; i < order.length && copiesOver(worker) > 0; i++) {
      off.accept(order[i]);
    }
  }

  private void cover(int worker, int[] largestFirst, IntConsumer off) {
    for (int i = largestFirst.length - 1; i >= 0 && excess(worker) > 0; i--) {
      if (board.chunks.size[largestFirst[i]] >= excess(worker)) {
        off.accept(largestFirst[i]);
      }
    }
  }

  private void giveUp(int chunk, int worker, boolean possessedToo) {
    int slot = board.slots.find(chunk, worker);
    boolean may =
        slot >= 0
            && (possessedToo || !Slots.isPossessed(board.slots.bits(slot)))
            && Victims.mayGo(board, chunk, slot);
    if (may) {
      board.supersede(chunk, slot, BECAUSE);
    }
  }
}
