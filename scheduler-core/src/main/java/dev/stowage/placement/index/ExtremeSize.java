package dev.stowage.placement.index;

import dev.stowage.placement.input.ChunkColumns;
import java.util.function.LongUnaryOperator;

/** The least or largest size of chunks with bytes, recomputed only when the last one is gone. */
final class ExtremeSize {
  private final LongUnaryOperator key;

  private long first = Long.MAX_VALUE;
  private long count;
  private boolean lost;

  private ExtremeSize(LongUnaryOperator key) {
    this.key = key;
  }

  /** Creates one for the least size, {@code Long.MAX_VALUE} if there is none. */
  static ExtremeSize least() {
    return new ExtremeSize(size -> size);
  }

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
