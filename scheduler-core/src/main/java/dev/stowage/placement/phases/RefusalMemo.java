package dev.stowage.placement.phases;

import dev.stowage.placement.board.Board;
import java.util.HashMap;
import java.util.Map;

/**
 * What was refused before, so that thousands of deferred chunks cost about as much as one: as long
 * as no room was made by force, room only shrinks, so what is larger in the same pool is refused
 * again. What made room may have made more than it needed: then everything is forgotten. Chunks
 * with bans or replicas of their own are always tried.
 */
final class RefusalMemo {
  private final Map<Long, Long> leastRefused = new HashMap<>();
  private long reliefsSeen;

  boolean refuses(Board board, int chunk) {
    if (reliefsSeen != board.reliefs) {
      leastRefused.clear();
      reliefsSeen = board.reliefs;
    }
    if (!isPlain(board, chunk)) {
      return false;
    }
    Long least = leastRefused.get(key(board, chunk));
    return least != null && board.chunks.size[chunk] >= least;
  }

  void remember(Board board, int chunk) {
    if (isPlain(board, chunk)) {
      leastRefused.merge(key(board, chunk), board.chunks.size[chunk], Math::min);
    }
  }

  private static boolean isPlain(Board board, int chunk) {
    return board.input.bans.length == 0 && board.slots.begin(chunk) == board.slots.end(chunk);
  }

  private static long key(Board board, int chunk) {
    return (long) board.chunks.eligibility(chunk) << 32 | board.chunks.floor(chunk);
  }
}
