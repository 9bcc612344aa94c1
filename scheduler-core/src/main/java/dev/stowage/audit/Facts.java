package dev.stowage.audit;

import dev.stowage.model.WorkerStatus;

/** Recomputes facts from stamps by the lifecycle design, section 2, sharing no rule of the core. */
final class Facts {
  private final FleetSnapshot.Header header;
  private final ChunkColumns chunks;
  private final WorkerColumns workers;
  private final ReplicaColumns replicas;

  Facts(FleetSnapshot fleet) {
    header = fleet.header();
    chunks = fleet.chunks();
    workers = fleet.workers();
    replicas = fleet.replicas();
  }

  boolean isPossessed(int replica) {
    return replicas.missingSince[replica] == FleetSnapshot.NONE
        && workers.lastApplied[replicas.worker[replica]] >= replicas.since[replica];
  }

  boolean isPossessedOnCounted(int replica) {
    return workers.isCounted(replicas.worker[replica]) && isPossessed(replica);
  }

  boolean isConfirmed(int replica) {
    return replicas.missingSince[replica] == FleetSnapshot.NONE
        && confirmedUpTo(replicas.worker[replica]) >= replicas.since[replica];
  }

  private long confirmedUpTo(int worker) {
    boolean perWorker = header.quorumPercent() == FleetSnapshot.NONE;
    return perWorker || !workers.caughtUp[worker]
        ? workers.lastApplied[worker]
        : header.watermark();
  }

  boolean isRouted(int replica) {
    return chunks.state[replicas.chunk[replica]] == ChunkColumns.VISIBLE
        && workers.isPresent(replicas.worker[replica])
        && !replicas.isDraining(replica)
        && isConfirmed(replica)
        && !isSpared(replica);
  }

  /** Reports whether routes do without a replica because its worker is away. */
  boolean isSpared(int replica) {
    int worker = replicas.worker[replica];
    if (workers.status[worker] != WorkerStatus.AWAY || workers.isSilent[worker]) {
      return workers.status[worker] == WorkerStatus.AWAY;
    }
    int standing = 0;
    int chunk = replicas.chunk[replica];
    for (int other = chunks.replicaStart[chunk]; other < chunks.replicaStart[chunk + 1]; other++) {
      int holder = replicas.worker[other];
      boolean stays = workers.isCounted(holder) && workers.status[holder] != WorkerStatus.LEAVING;
      standing += stays && replicas.isAssigned(other) && isConfirmed(other) ? 1 : 0;
    }
    return standing >= workers.leastCopies[worker];
  }

  boolean isReadable(int replica, long now) {
    return replicas.missingSince[replica] == FleetSnapshot.NONE
        && (isOut(replica, now) || isRouted(replica));
  }

  /** Reports whether routes that are out name a replica. */
  boolean isOut(int replica, long now) {
    return replicas.named[replica] || now < replicas.readableUntil[replica];
  }
}
