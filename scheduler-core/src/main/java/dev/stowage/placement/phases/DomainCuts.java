package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.columns.MergeSort;
import dev.stowage.placement.Cause;
import dev.stowage.placement.Reason;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.Zones;
import dev.stowage.placement.input.Order;

/** Takes out of each domain the replicas above a lowered limit, by chunk. */
final class DomainCuts {
  static final int BECAUSE = Slots.because(Cause.EVACUATE, Reason.DOMAIN_LIMIT);

  private final Board board;
  private final Moves moves;
  private final MovementLedger ledger;

  DomainCuts(Board board, Moves moves, MovementLedger ledger) {
    this.board = board;
    this.moves = moves;
    this.ledger = ledger;
  }

  void cut(IntList odd) {
    if (!board.domains.isAny()) {
      return;
    }
    int[] order =
        Order.by(odd.array(), odd.size(), chunk -> Order.largestFirst(board.chunks.size[chunk]));
    for (int chunk : order) {
      long refusals = ledger.refusals();
      int left = board.slots.count(chunk);
      while (left > 0 && moveOne(chunk)) {
        left--; // The next one is chosen again, because the remaining replicas have changed.
      }
      boolean waits = ledger.refusals() > refusals;
      while (!waits && giveUpOne(chunk)) {
        // A later plan places what waits for the budget.
      }
    }
  }

  private boolean moveOne(int chunk) {
    for (int worker : crowded(chunk)) {
      if (moves.move(chunk, worker, BECAUSE, false)) {
        return true;
      }
    }
    return false;
  }

  private boolean giveUpOne(int chunk) {
    int[] crowded = crowded(chunk);
    for (int pass = 0; pass < 2; pass++) {
      for (int worker : crowded) {
        int slot = board.slots.find(chunk, worker);
        boolean isTurn = Slots.isPossessed(board.slots.bits(slot)) == (pass > 0);
        if (isTurn && Victims.mayGo(board, chunk, slot)) {
          board.supersede(chunk, slot, BECAUSE);
          return true;
        }
      }
    }
    return false;
  }

  private int[] crowded(int chunk) {
    IntList found = new IntList(0);
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      if (board.isMovable(chunk, slot) && board.domains.isCrowded(chunk, slot)) {
        found.add(board.slots.worker(slot));
      }
    }
    int[] workers = found.toArray();
    new MergeSort(workers, this::compare).sort(0, workers.length);
    return workers;
  }

  private int compare(int one, int other) {
    int byHead = Zones.compareHeads(board, one, other);
    return byHead != 0 ? byHead : Integer.compare(board.fleet.rank[one], board.fleet.rank[other]);
  }
}
