package dev.stowage.audit;

/** The effects of a visibility cycle on replicas, by their slots after it. */
record PublishedReplicas(AuditStep step) {
  Facts after() {
    return step.after();
  }

  private boolean wasDraining(int slot) {
    int old = step.before(slot);
    return old != Facts.NONE && step.before().isDraining(old);
  }

  boolean isReleasedNow(int slot) {
    return after().isDraining(slot) && !wasDraining(slot);
  }

  boolean wasNamed(int slot) {
    int old = step.before(slot);
    return old != Facts.NONE && step.before().rows.isNamed(old);
  }

  // As steps 2 to 4 of the cycle saw it, before releases and recalls.
  boolean wasRouted(int slot) {
    return after().isVisible(after().rows.replicaChunk(slot))
        && (after().isDraining(slot) ? isReleasedNow(slot) : !wasDraining(slot))
        && after().holder(slot).isPresent()
        && after().isConfirmed(slot)
        && !after().isSpared(slot);
  }
}
