package dev.stowage.audit;

import java.util.Arrays;

/**
 * The bytes and the replicas on the books of each worker of a snapshot, of the whole fleet even
 * where the snapshot is of a part of it. Not to be written to once a step is judged by it.
 *
 * @param bytes by the worker's place in the snapshot
 * @param copies the same of replicas
 */
record WorkerLoads(long[] bytes, int[] copies) {
  /** Sums up all replicas of a snapshot. */
  static WorkerLoads of(FleetSnapshot fleet) {
    WorkerLoads loads =
        new WorkerLoads(new long[fleet.workerCount()], new int[fleet.workerCount()]);
    loads.add(fleet, 1);
    return loads;
  }

  /** Adds all replicas of a snapshot so many times. */
  void add(FleetSnapshot fleet, int times) {
    ReplicaColumns replicas = fleet.replicas();
    for (int replica = 0; replica < replicas.count; replica++) {
      int worker = replicas.worker[replica];
      bytes[worker] += times * fleet.chunks().sizeBytes[replicas.chunk[replica]];
      copies[worker] += times;
    }
  }

  boolean isLike(WorkerLoads other) {
    return Arrays.equals(bytes, other.bytes) && Arrays.equals(copies, other.copies);
  }

  /** Copies the sums. */
  WorkerLoads copy() {
    return new WorkerLoads(bytes.clone(), copies.clone());
  }
}
