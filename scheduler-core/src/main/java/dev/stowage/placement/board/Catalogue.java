package dev.stowage.placement.board;

import dev.stowage.placement.input.FlatInput;

/** Facts about all chunks at once, computed by a scan or kept in an index. */
public interface Catalogue {
  /** Returns a number that changes with the facts. */
  long version();

  int[] canonicalChunks();

  /** Returns an input equivalent to the {@code planned} one. */
  FlatInput input(FlatInput planned);

  /** Returns the least chunk size with any bytes, or {@code Long.MAX_VALUE}. */
  long leastSize();

  /** Returns the largest chunk size, or 0. */
  long largestSize();

  /** Returns the bytes of all chunks, each counted once, at most {@code Long.MAX_VALUE}. */
  long totalBytes();

  WorkerIndex chunksOn(Slots slots, boolean[] wanted);
}
