package dev.stowage.audit;

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
        && isConfirmed(replica);
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
