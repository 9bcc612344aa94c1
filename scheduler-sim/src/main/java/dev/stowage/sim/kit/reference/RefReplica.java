package dev.stowage.sim.kit.reference;

import dev.stowage.lifecycle.Origin;

/** The stamps of a (chunk, worker) pair, section 2. */
final class RefReplica {
  static final long NOT_MISSING = -1;

  long since;
  long supersededAt;
  long releasedAt;
  long readableUntil;
  long missingSince = NOT_MISSING;

  /** True if the newest portal assignment names the replica, on the disk that it still lies on. */
  boolean isNamed;

  /** True if the replica was unwanted when its worker registered another disk. */
  boolean isOfLostDisk;

  Origin origin;

  RefReplica(long since, Origin origin) {
    this.since = since;
    this.origin = origin;
  }

  RefReplica copy() {
    RefReplica copy = new RefReplica(since, origin);
    copy.supersededAt = supersededAt;
    copy.releasedAt = releasedAt;
    copy.readableUntil = readableUntil;
    copy.missingSince = missingSince;
    copy.isNamed = isNamed;
    copy.isOfLostDisk = isOfLostDisk;
    return copy;
  }

  boolean isMissing() {
    return missingSince != NOT_MISSING;
  }

  boolean isAssigned() {
    return supersededAt == 0;
  }

  boolean isDraining() {
    return supersededAt != 0 && releasedAt != 0;
  }

  boolean isSuperseded() {
    return supersededAt != 0 && releasedAt == 0;
  }

  @Override
  public String toString() {
    return "since "
        + since
        + " superseded "
        + supersededAt
        + " released "
        + releasedAt
        + " readable until "
        + readableUntil
        + (isMissing() ? " missing" : "")
        + (isNamed ? " named" : "")
        + (isOfLostDisk ? " of a lost disk" : "")
        + " for "
        + origin;
  }
}
