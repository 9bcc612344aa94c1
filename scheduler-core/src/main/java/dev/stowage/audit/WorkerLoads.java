package dev.stowage.audit;

import java.util.Arrays;

/** The booked bytes and replicas of the whole fleet, by a worker's place in the snapshot. */
record WorkerLoads(long[] bytes, int[] copies) {
  static WorkerLoads of(FleetSnapshot fleet) {
    WorkerLoads loads =
        new WorkerLoads(new long[fleet.workerCount()], new int[fleet.workerCount()]);
    loads.add(fleet, 1);
    return loads;
  }

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

  WorkerLoads copy() {
    return new WorkerLoads(bytes.clone(), copies.clone());
  }
}
