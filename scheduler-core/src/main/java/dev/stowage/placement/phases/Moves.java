package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.placement.Cause;
import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.Reason;
import dev.stowage.placement.ReplicaBits;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.Zones;
import dev.stowage.placement.input.Intents;
import dev.stowage.placement.input.Order;
import dev.stowage.placement.input.PairSet;

/**
 * Moves replicas that have to go elsewhere: off leaving workers and those that may no longer hold
 * them, where the rebalancer wants them, and into more zones. A move is an addition and a supersede
 * of one chunk, with the same cause and reason.
 */
final class Moves {
  private final Board board;
  private final Picker picker;
  private final MovementLedger ledger;

  Moves(Board board, Picker picker, MovementLedger ledger) {
    this.board = board;
    this.picker = picker;
    this.ledger = ledger;
  }

  /** Supersedes given-up replicas whose place others have taken. */
  void replaceGivenUp(IntList odd) {
    for (int i = 0; i < odd.size(); i++) {
      int chunk = odd.get(i);
      if (board.soundCount(chunk) < board.chunks.floor(chunk)) {
        continue;
      }
      for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
        int bits = board.slots.bits(slot);
        boolean givenUp = Slots.isWanted(bits) && !Slots.isSound(bits);
        int worker = board.slots.worker(slot);
        if (givenUp && board.fleet.present[worker] && !board.isPinnedPair(chunk, worker)) {
          slot = board.supersede(chunk, slot, Slots.because(Cause.REPAIR, Reason.GIVEN_UP));
        }
      }
    }
  }

  /** Empties leaving workers, and moves what its worker may no longer hold. */
  void evacuate(IntList odd) {
    int[] order =
        Order.by(odd.array(), odd.size(), chunk -> Order.largestFirst(board.chunks.size[chunk]));
    for (int chunk : order) {
      int end = board.slots.end(chunk);
      for (int slot = board.slots.begin(chunk); slot < end; slot++) {
        int worker = board.slots.worker(slot);
        boolean stays = !board.fleet.present[worker] || !board.isMisplaced(chunk, worker);
        if (stays || !isMovable(chunk, slot)) {
          continue;
        }
        Reason reason = board.fleet.leaving[worker] ? Reason.WORKER_LEAVING : Reason.NOT_ELIGIBLE;
        if (move(chunk, worker, Slots.because(Cause.EVACUATE, reason), false)) {
          slot = board.slots.begin(chunk) - 1;
          end = board.slots.end(chunk);
        }
      }
    }
  }

  /** Follows the intents that are still possible. */
  void followIntents() {
    Intents intents = board.input.intents;
    int because = Slots.because(Cause.INTENT, Reason.INTENT);
    for (int i = 0; i < intents.count(); i++) {
      int chunk = intents.chunk()[i];
      int to = intents.to()[i];
      int slot = board.slots.find(chunk, intents.from()[i]);
      if (slot < 0 || !isMovable(chunk, slot) || board.slots.find(chunk, to) >= 0) {
        continue;
      }
      board.focus(chunk);
      boolean takes =
          board.fleet.placeable[to]
              && board.mayHold(chunk, to)
              && !picker.reserved[to]
              && board.free[to] >= board.chunks.size[chunk]
              && keepsSpread(chunk, intents.from()[i], to);
      if (takes && ledger.take(intents.from()[i], to, board.chunks.size[chunk])) {
        apply(chunk, slot, to, because);
      }
    }
  }

  /** Puts pinned chunks where they are pinned, in exchange for the replica that hurts least. */
  void followPins() {
    for (long pin : board.input.pinsInOrder) {
      int chunk = PairSet.chunkOf(pin);
      int to = PairSet.workerOf(pin);
      int known = board.slots.find(chunk, to);
      boolean takes =
          known < 0
              && board.fleet.placeable[to]
              && board.mayHold(chunk, to)
              && board.free[to] >= board.chunks.size[chunk];
      if (!takes || board.chunks.is(chunk, ChunkBits.PINNED) || board.soundCount(chunk) == 0) {
        continue;
      }
      int slot = fullestMovable(chunk);
      if (slot >= 0 && ledger.take(board.slots.worker(slot), to, board.chunks.size[chunk])) {
        board.focus(chunk);
        apply(chunk, slot, to, Slots.because(Cause.BALANCE, Reason.PIN));
      }
    }
  }

  /** Moves replicas of chunks that lie in fewer zones than they should. */
  void spread(IntList attention) {
    int because = Slots.because(Cause.BALANCE, Reason.TOO_FEW_ZONES);
    for (int i = 0; i < attention.size(); i++) {
      int chunk = attention.get(i);
      int wanted = board.zonesWanted(chunk);
      if (wanted <= 1 || board.soundCount(chunk) == 0) {
        continue;
      }
      board.focus(chunk);
      while (board.zonesSeen < wanted) {
        if (spreadAgain(chunk, because)) {
          continue;
        }
        int to = picker.pick(chunk);
        int slot = to >= 0 && board.inNewZone(to) ? fullestInSharedZone(chunk) : -1;
        boolean gains =
            slot >= 0
                && Zones.afterMove(board, chunk, board.slots.worker(slot), to) > board.zonesSeen;
        if (!gains || !go(chunk, slot, to, because)) {
          break;
        }
        board.focus(chunk);
      }
    }
  }

  /** Wants again what is still there in a zone the chunk in focus lacks: that copies nothing. */
  private boolean spreadAgain(int chunk, int because) {
    int best = -1;
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      int worker = board.slots.worker(slot);
      boolean takes =
          Slots.isStillThere(board.slots.bits(slot))
              && board.fleet.placeable[worker]
              && board.mayHold(chunk, worker)
              && board.inNewZone(worker)
              && !picker.reserved[worker]
              && board.fitsAgain(worker, board.chunks.size[chunk]);
      if (takes && (best < 0 || Zones.isFuller(board, board.slots.worker(best), worker))) {
        best = slot;
      }
    }
    int instead = best < 0 ? -1 : fullestInSharedZone(chunk);
    if (instead < 0) {
      return false;
    }
    int from = board.slots.worker(instead);
    int bits = board.slots.bits(best);
    boolean dropped = (bits & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED;
    board.readopt(chunk, best, dropped ? 0 : because);
    int slot = board.slots.find(chunk, from);
    if (Slots.isAdded(board.slots.bits(slot))) {
      board.undoAdd(chunk, slot);
    } else {
      board.supersede(chunk, slot, because);
    }
    board.focus(chunk);
    return true;
  }

  /** Moves a chunk off a worker to the best other one; gently: only to one below its level. */
  boolean move(int chunk, int from, int because, boolean gently) {
    int slot = board.slots.find(chunk, from);
    if (slot < 0 || !isMovable(chunk, slot)) {
      return false;
    }
    board.focus(chunk);
    int to = picker.pickInstead(chunk, from);
    boolean takes = to >= 0 && (!gently || board.head(to) >= board.chunks.size[chunk]);
    return takes && go(chunk, slot, to, because);
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

  /** An addition of this plan simply goes elsewhere; what is held stays until it is replaced. */
  private void apply(int chunk, int slot, int to, int because) {
    int bits = board.slots.bits(slot);
    if (Slots.isAdded(bits)) {
      board.redirect(chunk, slot, to);
    } else {
      board.supersede(chunk, slot, because);
      board.add(chunk, to, because);
    }
  }

  /** Whatever is wanted, but for what others were preempted for: that would be for nothing. */
  boolean isMovable(int chunk, int slot) {
    int bits = board.slots.bits(slot);
    int worker = board.slots.worker(slot);
    return Slots.isSound(bits)
        && (!Slots.isAdded(bits) || board.isFreeToGo(chunk, worker, bits))
        && !board.chunks.is(chunk, ChunkBits.PINNED)
        && !board.isPinnedPair(chunk, worker)
        && board.mayGiveUp(chunk, worker);
  }

  /** Whether the chunk in focus lies in as many zones as it should, or as before, after a move. */
  private boolean keepsSpread(int chunk, int from, int to) {
    return Zones.afterMove(board, chunk, from, to)
        >= Math.min(board.zonesSeen, board.zonesWanted(chunk));
  }

  private int fullestMovable(int chunk) {
    return fullest(chunk, false);
  }

  private int fullestInSharedZone(int chunk) {
    return fullest(chunk, true);
  }

  private int fullest(int chunk, boolean shared) {
    int best = -1;
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      if (!isMovable(chunk, slot) || (shared && !Zones.isShared(board, chunk, slot))) {
        continue;
      }
      if (best < 0 || Zones.isFuller(board, board.slots.worker(slot), board.slots.worker(best))) {
        best = slot;
      }
    }
    return best;
  }
}
