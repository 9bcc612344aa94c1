package dev.stowage.lifecycle;

import java.util.Arrays;

/**
 * What one worker must hold, in columns sorted by chunk position. Immutable.
 *
 * @param chunk positions, ascending
 * @param since the assignment in which each pair first appeared
 */
record SliceColumns(int[] chunk, long[] since) {
  static final SliceColumns EMPTY = new SliceColumns(new int[0], new long[0]);

  int size() {
    return chunk.length;
  }

  /**
   * These columns with some pairs looked up anew.
   *
   * @param pairs ascending (worker, chunk) pairs
   * @param from where those of this worker begin
   * @param to where they end
   */
  SliceColumns updated(Tables tables, long[] pairs, int from, int to) {
    int worker = PairList.workerOf(pairs[from]);
    int[] chunks = new int[chunk.length + to - from];
    long[] sinces = new long[chunks.length];
    int count = 0;
    int old = 0;
    for (int i = from; i < to; i++) {
      int changed = PairList.chunkOf(pairs[i]);
      if (i > from && pairs[i] == pairs[i - 1]) {
        continue;
      }
      int end = Arrays.binarySearch(chunk, old, chunk.length, changed);
      int upTo = end < 0 ? -end - 1 : end;
      System.arraycopy(chunk, old, chunks, count, upTo - old);
      System.arraycopy(since, old, sinces, count, upTo - old);
      count += upTo - old;
      old = end < 0 ? upTo : upTo + 1;
      int slot = tables.replicas.find(changed, worker, tables.chunks);
      if (slot != ReplicaTable.NONE) {
        chunks[count] = changed;
        sinces[count++] = tables.replicas.since(slot);
      }
    }
    System.arraycopy(chunk, old, chunks, count, chunk.length - old);
    System.arraycopy(since, old, sinces, count, chunk.length - old);
    count += chunk.length - old;
    return new SliceColumns(Arrays.copyOf(chunks, count), Arrays.copyOf(sinces, count));
  }

  static SliceColumns of(Tables tables, WorkerEntry worker) {
    long[] order = new long[worker.replicas];
    int count = 0;
    for (int slot = worker.firstReplica;
        slot != ReplicaTable.NONE;
        slot = tables.replicas.nextOfWorker(slot)) {
      order[count++] = ((long) tables.replicas.chunk(slot) << 32) | slot;
    }
    Arrays.sort(order);
    int[] chunk = new int[count];
    long[] since = new long[count];
    for (int i = 0; i < count; i++) {
      chunk[i] = (int) (order[i] >>> 32);
      since[i] = tables.replicas.since((int) order[i]);
    }
    return new SliceColumns(chunk, since);
  }
}
