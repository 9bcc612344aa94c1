package dev.stowage.lifecycle.state;

import dev.stowage.columns.IntList;
import dev.stowage.columns.IntSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Chunks by the tick at which they must be looked at again, with duplicates. */
public final class DueChunks {
  private static final int LEAST_ROOM = 4;

  private final TreeMap<Long, IntList> buckets = new TreeMap<>();

  public void add(long tick, int chunk) {
    IntList bucket = buckets.computeIfAbsent(tick, key -> new IntList(LEAST_ROOM));
    if (bucket.isEmpty() || bucket.get(bucket.size() - 1) != chunk) {
      bucket.add(chunk);
    }
  }

  public long next() {
    return buckets.isEmpty() ? Long.MAX_VALUE : buckets.firstKey();
  }

  public void drainUntil(long tick, IntSet into) {
    List<Long> over = new ArrayList<>();
    for (Map.Entry<Long, IntList> due : buckets.headMap(tick, true).entrySet()) {
      over.add(due.getKey());
      IntList bucket = due.getValue();
      for (int i = 0; i < bucket.size(); i++) {
        into.add(bucket.get(i));
      }
    }
    buckets.keySet().removeAll(over);
  }
}
