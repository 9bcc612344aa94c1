package dev.stowage.placement.index;

import dev.stowage.placement.input.ChunkColumns;
import java.util.function.LongUnaryOperator;

/**
 * The least or the largest size of chunks that come and go; looked for anew only when the last such
 * is gone. Chunks without bytes do not count.
 */
final class ExtremeSize {
  /** Sizes by what comes first; also the way back. */
  private final LongUnaryOperator key;

  private long first = Long.MAX_VALUE;
  private long count;
  private boolean lost;

  private ExtremeSize(LongUnaryOperator key) {
    this.key = key;
  }

  /** The least size; the largest long if there is none. */
  static ExtremeSize least() {
    return new ExtremeSize(size -> size);
  }

  /** The largest size; 0 if there is none. */
  static ExtremeSize largest() {
    return new ExtremeSize(size -> Long.MAX_VALUE - size);
  }

  void add(long size) {
    long mine = key.applyAsLong(size);
    if (size <= 0 || lost || mine > first) {
      return;
    }
    count = mine == first ? count + 1 : 1;
    first = mine;
  }

  void remove(long size) {
    if (!lost && size > 0 && key.applyAsLong(size) == first) {
      count--;
      lost = count == 0;
    }
  }

  /** The size that comes first among these; free positions are 0. */
  long among(ChunkColumns chunks) {
    if (lost) {
      lost = false;
      first = Long.MAX_VALUE;
      count = 0;
      for (int chunk = 0; chunk < chunks.count; chunk++) {
        add(chunks.size[chunk]);
      }
    }
    return key.applyAsLong(first);
  }
}
