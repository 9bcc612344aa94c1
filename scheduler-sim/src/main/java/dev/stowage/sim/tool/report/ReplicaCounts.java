package dev.stowage.sim.tool.report;

/**
 * Replicas of a fleet by state.
 *
 * @param confirmed assigned and confirmed by their worker
 * @param waiting assigned, their bytes still on the way
 * @param superseded no longer wanted, still routed until a replacement is confirmed
 * @param draining no longer routed, kept for portals that lag
 */
public record ReplicaCounts(long confirmed, long waiting, long superseded, long draining) {
  /** Returns the number of replicas in all states. */
  public long total() {
    return confirmed + waiting + superseded + draining;
  }
}
