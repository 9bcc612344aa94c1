package dev.stowage.placement.phases;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.IntList;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.WorkerIndex;
import dev.stowage.placement.board.Zones;
import dev.stowage.placement.input.Intents;
import dev.stowage.placement.input.Order;
import dev.stowage.placement.input.PairSet;

/** Moves replicas; a move is an addition and a supersession of equal cause and reason. */
final class Moves {
  private static final int TAKEN_OVER = Slots.because(Cause.EVACUATE, Reason.TAKES_OVER);
  private static final int SPREAD = Slots.because(Cause.BALANCE, Reason.TOO_FEW_ZONES);

  private final Board board;
  private final Picker picker;
  private final MovementLedger ledger;

  Moves(Board board, Picker picker, MovementLedger ledger) {
    this.board = board;
    this.picker = picker;
    this.ledger = ledger;
  }

  void replaceGivenUp(IntList odd) {
    for (int i = 0; i < odd.size(); i++) {
      int chunk = odd.get(i);
      if (board.soundCount(chunk) < board.chunks.floor(chunk)) {
        continue;
      }
      for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
        int bits = board.slots.bits(slot);
        boolean givenUp =
            Slots.isWanted(bits)
                && !Slots.isSound(bits)
                && (bits & ReplicaBits.STALLED) != ReplicaBits.STALLED;
        int worker = board.slots.worker(slot);
        if (givenUp && board.fleet.present[worker] && !board.isPinnedPair(chunk, worker)) {
          slot = board.supersede(chunk, slot, Slots.because(Cause.REPAIR, Reason.GIVEN_UP));
        }
      }
    }
  }

  /**
   * Wants replicas again where they still are, in place of those that are on their way to workers
   * that take others over; where such a replica is one to be taken over, its copy goes on.
   */
  void leaveToTakeOver() {
    int[] bonds = board.fleet.bonds;
    boolean[] takesOver = new boolean[board.fleet.count];
    for (int i = 1; i < bonds.length; i += 2) {
      takesOver[bonds[i]] = true;
    }
    WorkerIndex index = bonds.length == 0 ? null : board.chunksOn(takesOver);
    for (int i = 0; index != null && i < bonds.length; i += 2) {
      for (int at = index.start[bonds[i + 1]]; at < index.start[bonds[i + 1] + 1]; at++) {
        int chunk = index.chunk[at];
        int slot = board.slots.find(chunk, bonds[i + 1]);
        int old = board.slots.find(chunk, bonds[i]);
        int instead = old < 0 ? bonds[i + 1] : bonds[i];
        if (slot >= 0
            && !Slots.isPossessed(board.slots.bits(slot))
            && board.isMovable(chunk, slot)
            && (old < 0 || board.isMovable(chunk, old))) {
          Readoption.exchange(board, chunk, TAKEN_OVER, picker.reserved, instead);
        }
      }
    }
  }

  /**
   * Returns the worker that takes over a replica of the chunk in focus, now or once it has room or
   * is back; -1 if the replica may go anywhere.
   */
  int successor(int chunk, int from) {
    int to = board.fleet.successor(from);
    int lacking = Zones.lacking(board, chunk);
    return to >= 0
            && board.slots.find(chunk, to) < 0
            && board.mayCome(chunk, to, from)
            && board.fitsAgain(to, board.chunks.size[chunk])
            && (lacking == Zones.NONE || Zones.gained(board, chunk, to, lacking) == lacking)
        ? to
        : -1;
  }

  void evacuate(IntList odd) {
    int[] order =
        Order.by(odd.array(), odd.size(), chunk -> Order.largestFirst(board.chunks.size[chunk]));
    for (int chunk : order) {
      int end = board.slots.end(chunk);
      for (int slot = board.slots.begin(chunk); slot < end; slot++) {
        int worker = board.slots.worker(slot);
        Reason reason = board.fit.leaves(chunk, worker);
        if (reason == null || !board.fleet.present[worker] || !board.isMovable(chunk, slot)) {
          continue;
        }
        if (move(chunk, worker, Slots.because(Cause.EVACUATE, reason), false)) {
          slot = board.slots.begin(chunk) - 1;
          end = board.slots.end(chunk);
        }
      }
    }
  }

  void followIntents() {
    Intents intents = board.input.intents;
    int because = Slots.because(Cause.INTENT, Reason.INTENT);
    for (int i = 0; i < intents.count(); i++) {
      int chunk = intents.chunk()[i];
      int to = intents.to()[i];
      int slot = board.slots.find(chunk, intents.from()[i]);
      if (slot < 0 || !board.isMovable(chunk, slot) || board.slots.find(chunk, to) >= 0) {
        continue;
      }
      board.focus(chunk);
      boolean takes =
          board.fleet.placeable[to]
              && board.mayCome(chunk, to, intents.from()[i])
              && !picker.reserved[to]
              && board.takes(to, board.chunks.size[chunk])
              && Zones.keepsSpread(board, chunk, intents.from()[i], to);
      if (takes && ledger.take(intents.from()[i], to, board.chunks.size[chunk])) {
        apply(chunk, slot, to, because);
      }
    }
  }

  void followPins() {
    for (long pin : board.input.pinsInOrder) {
      int chunk = PairSet.chunkOf(pin);
      int to = PairSet.workerOf(pin);
      int known = board.slots.find(chunk, to);
      boolean takes =
          known < 0
              && board.fleet.placeable[to]
              && board.fit.admits(chunk, to)
              && board.takes(to, board.chunks.size[chunk]);
      if (!takes || board.chunks.is(chunk, ChunkBits.PINNED) || board.soundCount(chunk) == 0) {
        continue;
      }
      int slot = fullestMovable(chunk, to);
      if (slot >= 0 && ledger.take(board.slots.worker(slot), to, board.chunks.size[chunk])) {
        board.focus(chunk);
        apply(chunk, slot, to, Slots.because(Cause.PIN, Reason.PIN));
      }
    }
  }

  void spread(IntList attention) {
    for (int i = 0; i < attention.size(); i++) {
      int chunk = attention.get(i);
      if (!board.isSpreadWanted(chunk) || board.soundCount(chunk) == 0) {
        continue;
      }
      board.focus(chunk);
      while (spreadAgain(chunk, Zones.lacking(board, chunk))
          || spreadOne(chunk, Zones.lacking(board, chunk))) {
        board.focus(chunk);
      }
    }
  }

  private boolean spreadOne(int chunk, int lacking) {
    int to = lacking == Zones.NONE ? -1 : picker.pick(chunk);
    if (to < 0) {
      return false;
    }
    int gained = Zones.gained(board, chunk, to, lacking);
    int slot = gained == Zones.levels(board) ? -1 : fullestShared(chunk, gained, to);
    if (slot < 0 || board.soundCount(chunk) >= board.target.get(chunk)) {
      return slot >= 0 && go(chunk, slot, to, SPREAD);
    }
    boolean may = ledger.take(-1, to, board.chunks.size[chunk]);
    if (may) {
      board.add(chunk, to, SPREAD); // moved, it would be wanted again by the next plan
    }
    return may;
  }

  private boolean spreadAgain(int chunk, int lacking) {
    int best = lacking == Zones.NONE ? -1 : stillThereInNewDomain(chunk, lacking);
    if (best < 0) {
      return false;
    }
    int to = board.slots.worker(best);
    int instead = fullestShared(chunk, Zones.gained(board, chunk, to, lacking), to);
    board.exchange(chunk, best, board.slots.worker(instead), SPREAD);
    return true;
  }

  /** Returns the best held slot that some replica of the chunk can give way to, or -1. */
  private int stillThereInNewDomain(int chunk, int lacking) {
    int best = -1;
    int bestGained = Zones.levels(board);
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      int worker = board.slots.worker(slot);
      if (!Slots.isStillThere(board.slots.bits(slot)) || !takesAgain(chunk, worker)) {
        continue;
      }
      int gained = Zones.gained(board, chunk, worker, lacking);
      boolean isEmptier =
          best >= 0
              && gained == bestGained
              && Zones.isFuller(board, board.slots.worker(best), worker);
      if ((gained < bestGained || isEmptier) && fullestShared(chunk, gained, worker) >= 0) {
        best = slot;
        bestGained = gained;
      }
    }
    return best;
  }

  private boolean takesAgain(int chunk, int worker) {
    return board.fleet.placeable[worker]
        && board.fit.admits(chunk, worker)
        && !picker.reserved[worker]
        && board.fitsAgain(worker, board.chunks.size[chunk]);
  }

  /** Wants a held replica again in place of a worker's; brings the chunk into focus. */
  boolean wantAgain(int chunk, int from, int because) {
    board.focus(chunk);
    return successor(chunk, from) < 0
        && Readoption.exchange(board, chunk, because, picker.reserved, from);
  }

  /**
   * Moves a chunk to a worker that holds it still, or else to the best other one; {@code gently}
   * only to one below its level.
   */
  boolean move(int chunk, int from, int because, boolean gently) {
    int slot = board.slots.find(chunk, from);
    if (slot < 0 || !board.isMovable(chunk, slot)) {
      return false;
    }
    if (wantAgain(chunk, from, because)) {
      return true;
    }
    int heir = successor(chunk, from);
    if (heir >= 0) {
      boolean takes = board.fleet.active[heir] && board.takes(heir, board.chunks.size[chunk]);
      return takes && go(chunk, slot, heir, because);
    }
    long least = gently ? board.chunks.size[chunk] : Long.MIN_VALUE;
    int to = picker.pickInstead(chunk, from, worker -> board.head(worker) >= least);
    return to >= 0 && go(chunk, slot, to, because);
  }

  private boolean go(int chunk, int slot, int to, int because) {
    int bits = board.slots.bits(slot);
    int from = board.slots.worker(slot);
    long size = board.chunks.size[chunk];
    boolean may =
        Slots.isAdded(bits) ? ledger.redirect(from, to, size) : ledger.take(from, to, size);
    if (!may) {
      return false;
    }
    apply(chunk, slot, to, because);
    return true;
  }

  private void apply(int chunk, int slot, int to, int because) {
    int bits = board.slots.bits(slot);
    if (Slots.isAdded(bits)) {
      board.redirect(chunk, slot, to);
    } else {
      board.supersede(chunk, slot, because);
      board.add(chunk, to, because);
    }
  }

  private int fullestMovable(int chunk, int to) {
    return fullestShared(chunk, Zones.NONE, to);
  }

  /**
   * Returns the movable slot on the fullest worker that shares its domain of {@code level} and that
   * a move to {@code to} spreads better; at {@link Zones#NONE}, on the fullest of all.
   */
  private int fullestShared(int chunk, int level, int to) {
    int best = -1;
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      if (!board.isMovable(chunk, slot)
          || (level != Zones.NONE && !isBetterSpread(chunk, slot, level, to))
          || !board.domains.admitsInstead(chunk, to, board.slots.worker(slot))) {
        continue;
      }
      if (best < 0 || Zones.isFuller(board, board.slots.worker(slot), board.slots.worker(best))) {
        best = slot;
      }
    }
    return best;
  }

  private boolean isBetterSpread(int chunk, int slot, int level, int to) {
    return Zones.isShared(board, chunk, slot, level)
        && Zones.compareMove(board, chunk, board.slots.worker(slot), to) > 0;
  }
}
