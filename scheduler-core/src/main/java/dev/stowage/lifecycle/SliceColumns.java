package dev.stowage.lifecycle;

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

  static SliceColumns of(Tables tables, WorkerEntry worker) {
    long[] order = new long[worker.replicas];
    int count = 0;
    for (int slot = worker.firstReplica;
        slot != ReplicaTable.NONE;
        slot = tables.replicas.nextOfWorker(slot)) {
      order[count++] = ((long) tables.replicas.chunk[slot] << 32) | slot;
    }
    java.util.Arrays.sort(order);
    int[] chunk = new int[count];
    long[] since = new long[count];
    for (int i = 0; i < count; i++) {
      chunk[i] = (int) (order[i] >>> 32);
      since[i] = tables.replicas.since[(int) order[i]];
    }
    return new SliceColumns(chunk, since);
  }
}
