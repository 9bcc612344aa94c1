package dev.stowage.sim.kit.reference;

/** One fact: the stamps of a (chunk, worker) pair, section 2. */
final class RefReplica {
  static final long NOT_MISSING = -1;

  long since;
  long supersededAt;
  long releasedAt;
  long readableUntil;
  long missingSince = NOT_MISSING;

  /** The newest portal assignment names it, and its disk is still the one that was named. */
  boolean isNamed;

  /** It was not wanted when its worker came with another disk. */
  boolean isOfLostDisk;

  RefReplica(long since) {
    this.since = since;
  }

  RefReplica copy() {
    RefReplica copy = new RefReplica(since);
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
        + (isOfLostDisk ? " of a lost disk" : "");
  }
}
