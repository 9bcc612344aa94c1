package dev.stowage.placement.board;

import dev.stowage.columns.IntList;
import java.util.function.IntPredicate;

/** A log of changes to a board, for rollback in reverse order. */
public final class Undo {
  private static final int SUPERSEDED = 0;
  private static final int ADDED = 1;
  private static final int REDIRECTED = 2;
  private final Board board;
  private final IntList notes = new IntList();

  public Undo(Board board) {
    this.board = board;
  }

  public void clear() {
    notes.truncate(0);
  }

  public int mark() {
    return notes.size();
  }

  public void supersede(int chunk, int slot, int because) {
    note(SUPERSEDED, chunk, board.slots.worker(slot), 0);
    board.supersede(chunk, slot, because);
  }

  public void add(int chunk, int worker, int because) {
    note(ADDED, chunk, worker, 0);
    board.add(chunk, worker, because);
  }

  public void redirect(int chunk, int from, int to) {
    note(REDIRECTED, chunk, from, to);
    board.redirect(chunk, board.slots.find(chunk, from), to);
  }

  public void charge(MovementLedger ledger, IntPredicate isCharged) {
    for (int i = 0; i < notes.size(); i += 4) {
      if (notes.get(i) == ADDED && !isCharged.test(notes.get(i + 1))) {
        ledger.charge(notes.get(i + 2), board.chunks.size[notes.get(i + 1)]);
      }
    }
  }

  /** Takes changes from the budget; each addition must follow the supersession of its source. */
  public boolean isGranted(MovementLedger ledger, int mark) {
    for (int i = mark; i < notes.size(); i += 4) {
      int chunk = notes.get(i + 1);
      int from = notes.get(i) == ADDED ? notes.get(i - 2) : notes.get(i + 2);
      long size = board.chunks.size[chunk];
      boolean granted =
          switch (notes.get(i)) {
            case SUPERSEDED -> true;
            case ADDED -> ledger.take(from, notes.get(i + 2), size);
            default -> ledger.redirect(from, notes.get(i + 3), size);
          };
      if (!granted) {
        returnCharges(ledger, mark, i);
        return false;
      }
    }
    return true;
  }

  private void returnCharges(MovementLedger ledger, int from, int to) {
    for (int i = to - 4; i >= from; i -= 4) {
      if (notes.get(i) == REDIRECTED) {
        ledger.redirect(notes.get(i + 3), notes.get(i + 2), board.chunks.size[notes.get(i + 1)]);
      }
    }
  }

  public void rollBackTo(int mark) {
    for (int i = notes.size() - 4; i >= mark; i -= 4) {
      int chunk = notes.get(i + 1);
      int worker = notes.get(i + 2);
      switch (notes.get(i)) {
        case SUPERSEDED -> board.readopt(chunk, board.slots.find(chunk, worker), 0);
        case ADDED -> board.undoAdd(chunk, board.slots.find(chunk, worker));
        default -> {
          int to = notes.get(i + 3);
          board.redirect(chunk, board.slots.find(chunk, to), worker);
        }
      }
    }
    notes.truncate(mark);
  }

  private void note(int kind, int chunk, int worker, int to) {
    notes.add(kind);
    notes.add(chunk);
    notes.add(worker);
    notes.add(to);
  }
}
