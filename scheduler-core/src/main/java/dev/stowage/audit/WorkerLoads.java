package dev.stowage.audit;

import dev.stowage.columns.WideSum;

/** The booked bytes and replicas of the whole fleet, by the position of a worker. */
record WorkerLoads(WideSum[] bytes, int[] copies) {
  static WorkerLoads of(Facts fleet) {
    return since(fleet, Long.MIN_VALUE);
  }

  /** Sums the replicas of worker assignments after {@code assignment}. */
  static WorkerLoads since(Facts fleet, long assignment) {
    int limit = fleet.rows.workerLimit();
    WorkerLoads loads = new WorkerLoads(WideSum.zeros(limit), new int[limit]);
    for (int chunk : fleet.chunks()) {
      long size = fleet.rows.chunkSizeBytes(chunk);
      for (int slot : fleet.slots(chunk)) {
        if (fleet.rows.since(slot) > assignment) {
          loads.add(fleet.rows.replicaWorker(slot), size);
        }
      }
    }
    return loads;
  }

  void add(int worker, long size) {
    bytes[worker].add(size);
    copies[worker]++;
  }
}
