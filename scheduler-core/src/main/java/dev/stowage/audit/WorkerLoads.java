package dev.stowage.audit;

import dev.stowage.columns.WideSum;
import java.util.Arrays;

/** The booked bytes and replicas of the whole fleet, by a worker's place in the snapshot. */
record WorkerLoads(WideSum[] bytes, int[] copies) {
  static WorkerLoads of(FleetSnapshot fleet) {
    WorkerLoads loads =
        new WorkerLoads(WideSum.zeros(fleet.workerCount()), new int[fleet.workerCount()]);
    loads.add(fleet, 1);
    return loads;
  }

  void add(FleetSnapshot fleet, int times) {
    ReplicaColumns replicas = fleet.replicas();
    for (int replica = 0; replica < replicas.count; replica++) {
      int worker = replicas.worker[replica];
      bytes[worker].addSigned(fleet.chunks().sizeBytes[replicas.chunk[replica]], times);
      copies[worker] += times;
    }
  }

  boolean isLike(WorkerLoads other) {
    for (int worker = 0; worker < bytes.length; worker++) {
      if (!bytes[worker].value().equals(other.bytes[worker].value())) {
        return false;
      }
    }
    return Arrays.equals(copies, other.copies);
  }

  WorkerLoads copy() {
    return new WorkerLoads(WideSum.copyOf(bytes), copies.clone());
  }
}
