package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.input.Order;
import dev.stowage.placement.input.SwapOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Places new chunks by (tick of admission, narrowest pool, canonical order), whole or not at all;
 * new sides of swaps as a whole, after the sides they wait for.
 */
final class NewChunkPlacement {
  private static final int WAITING = 0;
  private static final int PLACED = 1;
  private static final int REFUSED = 2;
  private static final int VISITING = 3;

  private final Board board;
  private final Floors floors;
  private final int[] swapState;

  NewChunkPlacement(Board board, Floors floors) {
    this.board = board;
    this.floors = floors;
    swapState = new int[board.input.swaps.count()];
  }

  void place(IntList fresh) {
    Integer[] order = new Integer[fresh.size()];
    Arrays.setAll(order, fresh::get);
    Arrays.sort(order, this::compare);
    List<Integer> waiting = refusedOf(List.of(order));
    report(fresh, new ArrayList<>(waiting));
  }

  private List<Integer> refusedOf(List<Integer> waiting) {
    List<Integer> refused = new ArrayList<>();
    RefusalMemo memo = new RefusalMemo();
    for (int chunk : waiting) {
      int swap = board.input.swaps.swapOf(chunk);
      if (swap >= 0 ? placeSwap(swap) : tryWhole(chunk, memo)) {
        continue;
      }
      refused.add(chunk);
    }
    return refused;
  }

  private boolean tryWhole(int chunk, RefusalMemo memo) {
    if (!memo.refuses(board, chunk) && floors.placeWhole(chunk)) {
      return true;
    }
    memo.remember(board, chunk);
    return false;
  }

  private int compare(int one, int other) {
    int byTick = Long.compare(board.chunks.admitted(one), board.chunks.admitted(other));
    if (byTick != 0) {
      return byTick;
    }
    int byPool = Integer.compare(board.pool(one).size(), board.pool(other).size());
    return byPool != 0 || one == other ? byPool : board.input.chunkOrder.compare(one, other);
  }

  private boolean placeSwap(int swap) {
    board.input.swaps.descend(swap, this::tryEnter, earlier -> false, this::placeEntered);
    return swapState[swap] == PLACED;
  }

  private boolean tryEnter(int swap) {
    boolean isEntered = swapState[swap] == WAITING;
    swapState[swap] = isEntered ? VISITING : swapState[swap];
    return isEntered;
  }

  private void placeEntered(int swap) {
    boolean isPlaced = !isWaiting(swap) && placeSide(board.input.swaps.sides()[swap]);
    swapState[swap] = isPlaced ? PLACED : REFUSED;
  }

  private boolean isWaiting(int swap) {
    for (int earlier : board.input.swaps.waits()[swap]) {
      if (swapState[earlier] != PLACED) {
        return true;
      }
    }
    return false;
  }

  private boolean placeSide(int[] side) {
    if (placeAll(side)) {
      return true;
    }
    int[] largestFirst = SwapOrder.largestFirst(side, board.chunks);
    return !Arrays.equals(side, largestFirst) && placeAll(largestFirst);
  }

  private boolean placeAll(int[] side) {
    for (int i = 0; i < side.length; i++) {
      if (board.chunks.isNew(side[i]) && !floors.placeWhole(side[i])) {
        for (int undo = 0; undo < i; undo++) {
          if (board.chunks.isNew(side[undo])) {
            floors.takeBack(side[undo]);
          }
        }
        return false;
      }
    }
    return true;
  }

  private void report(IntList fresh, List<Integer> refused) {
    refused.sort(Order.boxed(board.input.chunkOrder));
    BitSet waiting = new BitSet();
    for (int swap = 0; swap < swapState.length; swap++) {
      waiting.set(swap, isWaiting(swap));
    }
    int next = 0;
    for (int i = 0; i < fresh.size(); i++) {
      int chunk = fresh.get(i);
      int swap = board.input.swaps.swapOf(chunk);
      if (next < refused.size() && refused.get(next) == chunk) {
        next++;
        floors.deferrals.add(
            swap >= 0
                ? swapShortage(chunk, swap, waiting)
                : floors.shortage(chunk, floors.missing(chunk)));
      }
    }
  }

  private Shortage swapShortage(int chunk, int swap, BitSet waiting) {
    Shortage plain = floors.shortage(chunk, floors.missing(chunk));
    return new Shortage(
        chunk,
        plain.missing(),
        waiting.get(swap) ? Reason.SWAP_WAITS : Reason.SWAP_INCOMPLETE,
        plain.eligibleWorkers(),
        plain.largestRoomBytes(),
        plain.isRaise());
  }
}
