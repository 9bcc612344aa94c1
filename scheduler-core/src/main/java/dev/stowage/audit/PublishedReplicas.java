package dev.stowage.audit;

/** What a visibility cycle did to replicas, read from the states before and after it. */
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

  /** What follows from the stamps after the cycle. */
  Facts facts() {
    return facts;
  }

  /** Whether reports wait that the cycle has not taken in, and that the snapshot has. */
  static boolean isUnsettled(FleetSnapshot fleet, int chunk) {
    int[] start = fleet.chunks().replicaStart;
    for (int replica = start[chunk]; replica < start[chunk + 1]; replica++) {
      if (fleet.workers().inventoryPending[fleet.replicas().worker[replica]]) {
        return true;
      }
    }
    return false;
  }

  /** The cycle ended its routing: it drains from the assignment that the cycle minted. */
  boolean isReleasedNow(int replica) {
    int old = replicaBefore[replica];
    return after.replicas().isDraining(replica) && (old < 0 || !before.replicas().isDraining(old));
  }

  /** It drained before the cycle, which took it back. */
  boolean isRecalledNow(int replica) {
    int old = replicaBefore[replica];
    return old >= 0 && before.replicas().isDraining(old) && !after.replicas().isDraining(replica);
  }

  /** Whether it was named before the cycle. */
  boolean wasNamed(int replica) {
    int old = replicaBefore[replica];
    return old >= 0 && before.replicas().named[old];
  }

  /** Routed, as steps 2 to 4 of the cycle saw it: before releases and recalls. */
  boolean wasRouted(int replica) {
    boolean isVisible =
        after.chunks().state[after.replicas().chunk[replica]] == ChunkColumns.VISIBLE;
    boolean stood = !after.replicas().isDraining(replica) || isReleasedNow(replica);
    return isVisible
        && stood
        && !isRecalledNow(replica)
        && after.workers().isPresent(after.replicas().worker[replica])
        && facts.isConfirmed(replica);
  }
}
