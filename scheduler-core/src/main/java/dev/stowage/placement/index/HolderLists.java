package dev.stowage.placement.index;

import java.util.Arrays;

/** The chunks of each worker; removals are only counted until a list is read or a quarter stale. */
final class HolderLists {
  private static final int[] NONE = new int[0];
  private static final int LEAST_STALE = 64;
  private final ReplicaStore replicas;
  private int[][] chunks = new int[16][];
  private int[] count = new int[16];
  private int[] stale = new int[16];

  HolderLists(ReplicaStore replicas) {
    this.replicas = replicas;
    Arrays.fill(chunks, NONE);
  }

  void expect(int workers) {
    int known = chunks.length;
    if (workers > known) {
      int length = Math.max(workers, known * 2);
      chunks = Arrays.copyOf(chunks, length);
      Arrays.fill(chunks, known, length, NONE);
      count = Arrays.copyOf(count, length);
      stale = Arrays.copyOf(stale, length);
    }
  }

  void add(int worker, int chunk) {
    if (count[worker] == chunks[worker].length) {
      int length = Math.max(16, count[worker] + (count[worker] >> 3));
      chunks[worker] = Arrays.copyOf(chunks[worker], length);
    }
    chunks[worker][count[worker]++] = chunk;
  }

  void remove(int worker) {
    stale[worker]++;
  }

  void tidy() {
    for (int worker = 0; worker < stale.length; worker++) {
      if (stale[worker] > Math.max(LEAST_STALE, count[worker] / 4)) {
        strike(worker);
      }
    }
  }

  int read(int worker) {
    if (stale[worker] > 0) {
      strike(worker);
    }
    return count[worker];
  }

  int[] of(int worker) {
    return chunks[worker];
  }

  void clear(int worker) {
    chunks[worker] = NONE;
    count[worker] = 0;
    stale[worker] = 0;
  }

  private void strike(int worker) {
    int[] list = chunks[worker];
    Arrays.sort(list, 0, count[worker]);
    int kept = 0;
    for (int i = 0; i < count[worker]; i++) {
      boolean again = kept > 0 && list[kept - 1] == list[i];
      if (!again && replicas.holds(list[i], worker)) {
        list[kept++] = list[i];
      }
    }
    count[worker] = kept;
    stale[worker] = 0;
  }
}
