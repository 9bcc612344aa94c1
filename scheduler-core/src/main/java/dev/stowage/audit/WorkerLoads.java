package dev.stowage.audit;

import dev.stowage.columns.WideSum;

/** The booked bytes and replicas of the whole fleet, by a worker's place in the snapshot. */
record WorkerLoads(WideSum[] bytes, int[] copies) {
  static WorkerLoads of(FleetSnapshot fleet) {
    WideSum[] bytes = WideSum.zeros(fleet.workerCount());
    int[] copies = new int[fleet.workerCount()];
    ReplicaColumns replicas = fleet.replicas();
    for (int replica = 0; replica < replicas.count; replica++) {
      int worker = replicas.worker[replica];
      bytes[worker].add(fleet.chunks().sizeBytes[replicas.chunk[replica]]);
      copies[worker]++;
    }
    return new WorkerLoads(bytes, copies);
  }
}
