package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.rows.ReplicaRows;

/** The new ones among replicas, by worker. Immutable; the arrays are not copied. */
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

  /** Workers have positions below this. */
  int workers() {
    return begins.length - 1;
  }

  /** Where the chunks of a worker begin; those of the next one begin where they end. */
  int begin(int worker) {
    return begins[worker];
  }

  /** Positions of chunks. */
  int[] chunks() {
    return chunks;
  }
}
