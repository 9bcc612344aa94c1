package dev.stowage.audit;

/** The effects of a visibility cycle on replicas, from the states before and after it. */
final class PublishedReplicas {
  private final FleetSnapshot before;
  private final FleetSnapshot after;
  private final Facts facts;
  private final int[] replicaBefore;

  PublishedReplicas(AuditStep step) {
    before = step.before();
    after = step.after();
    facts = new Facts(after);
    replicaBefore = AuditStep.inverse(step.replicasAfter(), after.replicas().count);
  }

  Facts facts() {
    return facts;
  }

  static boolean isUnsettled(FleetSnapshot fleet, int chunk) {
    int[] start = fleet.chunks().replicaStart;
    for (int replica = start[chunk]; replica < start[chunk + 1]; replica++) {
      if (fleet.workers().inventoryPending[fleet.replicas().worker[replica]]) {
        return true;
      }
    }
    return false;
  }

  boolean isReleasedNow(int replica) {
    int old = replicaBefore[replica];
    return after.replicas().isDraining(replica) && (old < 0 || !before.replicas().isDraining(old));
  }

  boolean isRecalledNow(int replica) {
    int old = replicaBefore[replica];
    return old >= 0 && before.replicas().isDraining(old) && !after.replicas().isDraining(replica);
  }

  boolean wasNamed(int replica) {
    int old = replicaBefore[replica];
    return old >= 0 && before.replicas().named[old];
  }

  // As steps 2 to 4 of the cycle saw it, before releases and recalls.
  boolean wasRouted(int replica) {
    boolean isVisible =
        after.chunks().state[after.replicas().chunk[replica]] == ChunkColumns.VISIBLE;
    boolean stood = !after.replicas().isDraining(replica) || isReleasedNow(replica);
    return isVisible
        && stood
        && !isRecalledNow(replica)
        && after.workers().isPresent(after.replicas().worker[replica])
        && facts.isConfirmed(replica)
        && !facts.isSpared(replica);
  }
}
