package dev.stowage.audit;

/** One column per stamp of a replica, filled while a snapshot is built and then only read. */
final class ReplicaColumns {
  final int count;
  final int[] chunk;
  final int[] worker;
  final long[] since;
  final long[] supersededAt;
  final long[] releasedAt;
  final long[] readableUntil;
  final long[] missingSince;

  // By the newest portal assignment, on the disk of then.
  final boolean[] named;

  final boolean[] diskGone;

  ReplicaColumns(int count) {
    this.count = count;
    chunk = new int[count];
    worker = new int[count];
    since = new long[count];
    supersededAt = new long[count];
    releasedAt = new long[count];
    readableUntil = new long[count];
    missingSince = new long[count];
    named = new boolean[count];
    diskGone = new boolean[count];
  }

  boolean isAssigned(int replica) {
    return supersededAt[replica] == FleetSnapshot.NONE;
  }

  boolean isDraining(int replica) {
    return releasedAt[replica] != FleetSnapshot.NONE;
  }
}
