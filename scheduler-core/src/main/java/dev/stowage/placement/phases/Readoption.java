package dev.stowage.placement.phases;

import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.DomainRule;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.Zones;
import org.jspecify.annotations.Nullable;

/** Wants held replicas again, which costs no copy. Stateless. */
final class Readoption {
  private Readoption() {}

  /** Readopts the best replica of a chunk, outside {@code except}; false if there is none. */
  static boolean readopt(Board board, int chunk, int because, boolean @Nullable [] except) {
    int best = best(board, chunk, except, DomainRule.NOBODY);
    if (best >= 0) {
      board.readopt(chunk, best, because);
    }
    return best >= 0;
  }

  /** Readopts the best replica in place of that of a worker; false if there is none. */
  static boolean exchange(
      Board board, int chunk, int because, boolean @Nullable [] except, int from) {
    int best = best(board, chunk, except, from);
    if (best >= 0) {
      board.exchange(chunk, best, from, because);
    }
    return best >= 0;
  }

  /**
   * Readopts a possessed replica in place of that of a leaving worker, on a reserved worker too: a
   * leaving worker's replica makes up for no deletion, so that no drain frees the room.
   */
  static boolean exchangeNeeded(Board board, int chunk, int because, int from) {
    if (!board.fleet.leaving[from] || board.soundCount(chunk) > board.chunks.floor(chunk)) {
      return false;
    }
    int best = best(board, chunk, new boolean[board.fleet.count], from);
    boolean isNeeded = best >= 0 && Slots.isPossessed(board.slots.bits(best));
    if (isNeeded) {
      board.exchange(chunk, best, from, because);
    }
    return isNeeded;
  }

  private static int best(Board board, int chunk, boolean @Nullable [] except, int from) {
    if (board.slots.count(chunk) == board.soundCount(chunk)) {
      return -1;
    }
    int best = -1;
    int bestRank = -1;
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      int worker = board.slots.worker(slot);
      boolean left =
          except != null && (except[worker] || !board.fitsAgain(worker, board.chunks.size[chunk]));
      if (left
          || !isCandidate(board, chunk, slot)
          || !board.domains.admitsInstead(chunk, worker, from)) {
        continue;
      }
      int rank = rank(board.slots.bits(slot));
      if (rank > bestRank
          || (rank == bestRank && Zones.isFuller(board, board.slots.worker(best), worker))) {
        best = slot;
        bestRank = rank;
      }
    }
    return best;
  }

  private static boolean isCandidate(Board board, int chunk, int slot) {
    int bits = board.slots.bits(slot);
    int worker = board.slots.worker(slot);
    boolean leftover = (bits & ReplicaBits.STATE_MASK) != ReplicaBits.ASSIGNED;
    return leftover
        && Slots.isLeftover(bits)
        && board.fleet.present[worker]
        && !board.fit.isMisplaced(chunk, worker);
  }

  private static int rank(int bits) {
    return ((bits & ReplicaBits.POSSESSED) != 0 ? 2 : 0)
        + ((bits & ReplicaBits.ROUTED) != 0 ? 1 : 0);
  }
}
