package dev.stowage.placement.phases;

import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Slots;

/** Replicas that a chunk can give up without a copy elsewhere. Stateless. */
final class Bonus {
  private Bonus() {}

  /** Reports whether the chunk keeps its floor, of proven replicas too, without a held replica. */
  static boolean mayGo(Board board, Moves moves, int chunk, int slot) {
    return board.soundCount(chunk) > board.chunks.floor(chunk)
        && (board.slots.bits(slot) & Slots.HELD) != 0
        && moves.isMovable(chunk, slot)
        && keepsProof(board, chunk, slot);
  }

  private static boolean keepsProof(Board board, int chunk, int slot) {
    if (!Slots.isPossessed(board.slots.bits(slot))) {
      return true;
    }
    int proven = 0;
    for (int other = board.slots.begin(chunk); other < board.slots.end(chunk); other++) {
      int bits = board.slots.bits(other);
      boolean counts = Slots.isSound(bits) && Slots.isPossessed(bits) && other != slot;
      proven += counts && board.fleet.counted[board.slots.worker(other)] ? 1 : 0;
    }
    return proven >= board.chunks.floor(chunk);
  }
}
