package dev.stowage.benchmarks.peers;

import java.util.Arrays;

/**
 * Which workers hold which chunk: the holders of chunk c are {@code worker[start[c]]} up to {@code
 * worker[start[c + 1]]}, ascending. Nothing is checked here: {@link AssignmentAudit} judges.
 *
 * @param start one entry per chunk and one more
 * @param worker positions of workers
 */
public record Assignment(int[] start, int[] worker) {
  public int chunks() {
    return start.length - 1;
  }

  /** Returns the number of replicas of a chunk. */
  public int replicas(int chunk) {
    return start[chunk + 1] - start[chunk];
  }

  public boolean holds(int chunk, int position) {
    return Arrays.binarySearch(worker, start[chunk], start[chunk + 1], position) >= 0;
  }

  /** Returns a collector of pairs in any order. */
  public static Pairs pairs(int chunks) {
    return new Pairs(chunks);
  }

  /** Collects pairs of chunk and worker. Not thread-safe. */
  public static final class Pairs {
    private final int chunks;
    private long[] pairs = new long[1024];
    private int count;

    private Pairs(int chunks) {
      this.chunks = chunks;
    }

    /** Adds one replica. */
    public void add(int chunk, int worker) {
      if (count == pairs.length) {
        pairs = Arrays.copyOf(pairs, count + (count >> 1));
      }
      pairs[count++] = (long) chunk << 32 | (worker & 0xffffffffL);
    }

    public Assignment assignment() {
      Arrays.sort(pairs, 0, count);
      int[] start = new int[chunks + 1];
      int[] worker = new int[count];
      for (int i = 0; i < count; i++) {
        start[(int) (pairs[i] >>> 32) + 1]++;
        worker[i] = (int) pairs[i];
      }
      for (int chunk = 0; chunk < chunks; chunk++) {
        start[chunk + 1] += start[chunk];
      }
      return new Assignment(start, worker);
    }
  }
}
