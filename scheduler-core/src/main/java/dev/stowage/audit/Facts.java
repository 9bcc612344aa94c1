package dev.stowage.audit;

/**
 * What follows from the stamps of one snapshot: possessed, confirmed, routed, readable. Recomputed
 * here from the definitions of the lifecycle design, section 2, so that a wrong rule of the core is
 * not judged by itself.
 */
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

  /** The worker has said that it holds the bytes, and has not taken it back. */
  boolean isPossessed(int replica) {
    return replicas.missingSince[replica] == FleetSnapshot.NONE
        && workers.lastApplied[replicas.worker[replica]] >= replicas.since[replica];
  }

  boolean isPossessedOnCounted(int replica) {
    return workers.isCounted(replicas.worker[replica]) && isPossessed(replica);
  }

  /** Possessed, or under a quorum policy covered by the watermark of a worker that caught up. */
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

  /** Some portal that keeps the contract may still ask for it at {@code now}. */
  boolean isReadable(int replica, long now) {
    return replicas.missingSince[replica] == FleetSnapshot.NONE
        && (replicas.named[replica] || now < replicas.readableUntil[replica] || isRouted(replica));
  }
}
