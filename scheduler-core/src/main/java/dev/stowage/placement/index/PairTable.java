package dev.stowage.placement.index;

import dev.stowage.placement.input.PairSet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A changing set of (chunk, worker) pairs, sorted on reading. */
final class PairTable {
  private long[] pairs = new long[4];
  private int count;
  private boolean sorted = true;
  private long @Nullable [] copy;

  boolean add(int chunk, int worker) {
    boolean last = count > 0 && sorted && pairs[count - 1] < PairSet.pair(chunk, worker);
    if (!last && contains(chunk, worker)) {
      return false;
    }
    if (count == pairs.length) {
      pairs = Arrays.copyOf(pairs, count * 2);
    }
    long pair = PairSet.pair(chunk, worker);
    sorted &= count == 0 || pairs[count - 1] < pair;
    copy = null;
    pairs[count++] = pair;
    return true;
  }

  boolean remove(int chunk, int worker) {
    int at = find(chunk, worker);
    if (at >= 0) {
      cut(at, at + 1);
    }
    return at >= 0;
  }

  boolean contains(int chunk, int worker) {
    return find(chunk, worker) >= 0;
  }

  void removeChunk(int chunk) {
    if (count > 0) {
      cut(firstOf(chunk), firstOf(chunk + 1));
    }
  }

  void removeWorker(int worker) {
    copy = null;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (PairSet.workerOf(pairs[i]) != worker) {
        pairs[kept++] = pairs[i];
      }
    }
    count = kept;
  }

  long[] sorted() {
    long[] known = copy;
    if (known == null) {
      sort();
      known = Arrays.copyOf(pairs, count);
      copy = known;
    }
    return known;
  }

  private int firstOf(int chunk) {
    sort();
    int at = Arrays.binarySearch(pairs, 0, count, PairSet.pair(chunk, 0));
    return at < 0 ? -at - 1 : at;
  }

  private int find(int chunk, int worker) {
    sort();
    return Arrays.binarySearch(pairs, 0, count, PairSet.pair(chunk, worker));
  }

  private void cut(int from, int to) {
    copy = from == to ? copy : null;
    System.arraycopy(pairs, to, pairs, from, count - to);
    count -= to - from;
  }

  private void sort() {
    if (!sorted) {
      Arrays.sort(pairs, 0, count);
      sorted = true;
    }
  }
}
