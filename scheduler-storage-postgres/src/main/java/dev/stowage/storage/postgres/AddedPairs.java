package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;

/** The new replicas of a change by worker: arrays of positions, not copied. */
final class AddedPairs {
  private final int[] begins;
  private final int[] chunks;

  private AddedPairs(int[] begins, int[] chunks) {
    this.begins = begins;
    this.chunks = chunks;
  }

  static AddedPairs of(ReplicaRows rows) {
    int workers = 0;
    int size = 0;
    for (int row = 0; row < rows.size(); row++) {
      if (rows.isFresh(row)) {
        workers = Math.max(workers, rows.worker(row) + 1);
        size++;
      }
    }
    int[] begins = new int[workers + 1];
    for (int row = 0; row < rows.size(); row++) {
      if (rows.isFresh(row)) {
        begins[rows.worker(row) + 1]++;
      }
    }
    for (int worker = 0; worker < workers; worker++) {
      begins[worker + 1] += begins[worker];
    }
    int[] next = begins.clone();
    int[] chunks = new int[size];
    for (int row = 0; row < rows.size(); row++) {
      if (rows.isFresh(row)) {
        chunks[next[rows.worker(row)]++] = rows.chunk(row);
      }
    }
    return new AddedPairs(begins, chunks);
  }

  boolean isEmpty() {
    return chunks.length == 0;
  }

  /** Returns the end of the worker positions. */
  int workers() {
    return begins.length - 1;
  }

  /** Returns the index in {@link #chunks} at which a worker's chunks begin. */
  int begin(int worker) {
    return begins[worker];
  }

  /** Returns chunk positions, grouped by worker. */
  int[] chunks() {
    return chunks;
  }
}
