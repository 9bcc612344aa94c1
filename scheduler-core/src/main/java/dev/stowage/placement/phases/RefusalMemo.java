package dev.stowage.placement.phases;

import dev.stowage.placement.board.Board;
import java.util.HashMap;
import java.util.Map;

/**
 * The least refused size by pool and floor: room only shrinks until {@link Board#reliefs} changes,
 * so larger chunks are refused again.
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
    return (long) board.chunks.pool(chunk) << 32 | board.chunks.floor(chunk);
  }
}
