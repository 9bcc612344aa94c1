package dev.stowage.lifecycle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Chunks that are to be looked at again at a tick; one may be noted more often than it has to. */
final class DueChunks {
  private final TreeMap<Long, Bucket> buckets = new TreeMap<>();

  void add(long tick, int chunk) {
    buckets.computeIfAbsent(tick, key -> new Bucket()).add(chunk);
  }

  /** The first tick at which some chunk is due; {@link Long#MAX_VALUE} for never. */
  long next() {
    return buckets.isEmpty() ? Long.MAX_VALUE : buckets.firstKey();
  }

  /** Moves what is due at this tick into a set. */
  void drainUntil(long tick, IntSet into) {
    List<Long> over = new ArrayList<>();
    for (Map.Entry<Long, Bucket> due : buckets.headMap(tick, true).entrySet()) {
      over.add(due.getKey());
      Bucket bucket = due.getValue();
      for (int i = 0; i < bucket.size; i++) {
        into.add(bucket.chunks[i]);
      }
    }
    buckets.keySet().removeAll(over);
  }

  private static final class Bucket {
    private int[] chunks = new int[4];
    private int size;

    private void add(int chunk) {
      if (size > 0 && chunks[size - 1] == chunk) {
        return;
      }
      if (size == chunks.length) {
        chunks = Arrays.copyOf(chunks, Growth.next(size + size / 2));
      }
      chunks[size++] = chunk;
    }
  }
}
