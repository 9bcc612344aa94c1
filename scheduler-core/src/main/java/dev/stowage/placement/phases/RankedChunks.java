package dev.stowage.placement.phases;

import dev.stowage.placement.WarmPlanner.SlotOrder;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.fleet.Rank;
import dev.stowage.placement.input.Order;
import java.util.Arrays;
import java.util.function.IntPredicate;

/** Chunks in the order of a worker's rank, in windows of four times the ranks each. */
final class RankedChunks {
  private static final long END = Long.MAX_VALUE;
  private final Board board;
  private final long worker;
  private final IntPredicate ofUse;
  private int[] window = new int[0];
  private long from;
  private long until;

  RankedChunks(Board board, int worker, IntPredicate ofUse) {
    this.board = board;
    this.ofUse = ofUse;
    this.worker = board.fleet.hash[worker];
  }

  boolean next(long bytesNeeded) {
    if (until == END) {
      return false;
    }
    from = until;
    until = until == 0 ? firstEnd(bytesNeeded) : until > END / 4 ? END : until * 4;
    collect();
    return true;
  }

  int count() {
    return window.length;
  }

  int chunk(int index) {
    return window[index];
  }

  private long firstEnd(long bytesNeeded) {
    double share = 2.0 * bytesNeeded / Math.max(1, board.catalogue.totalBytes()) + 0.001;
    return share >= 1 ? END : (long) (share * END);
  }

  private void collect() {
    long[] ranks = new long[16];
    int[] chunks = new int[16];
    int count = 0;
    for (int chunk = 0; chunk < board.chunks.count; chunk++) {
      long rank = Rank.of(board.chunks.keyHash[chunk], worker) >>> 1;
      boolean inside = rank >= from && (rank < until || until == END);
      if (inside && board.chunks.exists(chunk) && (from == 0 || ofUse.test(chunk))) {
        if (count == chunks.length) {
          chunks = Arrays.copyOf(chunks, count * 2);
          ranks = Arrays.copyOf(ranks, count * 2);
        }
        chunks[count] = chunk;
        ranks[count++] = rank;
      }
    }
    long[] byRank = ranks;
    int[] found = chunks;
    int[] places = new int[count];
    Arrays.setAll(places, i -> i);
    SlotOrder byChunk = (one, other) -> board.input.chunkOrder.compare(found[one], found[other]);
    int[] order = Order.by(places, count, place -> (int) (byRank[place] >>> 32), byChunk);
    window = new int[count];
    Arrays.setAll(window, i -> found[order[i]]);
  }
}
