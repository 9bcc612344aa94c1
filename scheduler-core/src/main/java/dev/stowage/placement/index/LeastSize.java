package dev.stowage.placement.index;

import dev.stowage.placement.input.ChunkColumns;

/** The least size of chunks that come and go; looked for anew only when the last such is gone. */
final class LeastSize {
  private long least = Long.MAX_VALUE;
  private long count;
  private boolean lost;

  void add(long size) {
    if (size <= 0 || lost || size > least) {
      return;
    }
    count = size == least ? count + 1 : 1;
    least = size;
  }

  void remove(long size) {
    if (!lost && size > 0 && size == least) {
      count--;
      lost = count == 0;
    }
  }

  /** The least size among these; the largest long if none has any bytes. Free positions are 0. */
  long among(ChunkColumns chunks) {
    if (lost) {
      lost = false;
      least = Long.MAX_VALUE;
      count = 0;
      for (int chunk = 0; chunk < chunks.count; chunk++) {
        add(chunks.size[chunk]);
      }
    }
    return least;
  }
}
