package dev.stowage.sim.tool.report;

import dev.stowage.model.Worker;

/**
 * One worker at the end of a run.
 *
 * @param name its id
 * @param zone its failure domain
 * @param status its status, in lower case
 * @param capacityBytes what it may hold
 * @param usedBytes what it is told to hold, draining replicas included
 * @param replicas how many that is
 * @param maxReplicas how many it may hold; {@link Worker#UNLIMITED} where only bytes are counted
 */
public record WorkerRecord(
    String name,
    String zone,
    String status,
    long capacityBytes,
    long usedBytes,
    long replicas,
    int maxReplicas) {
  boolean isCounted() {
    return maxReplicas != Worker.UNLIMITED;
  }

  /** Returns the replicas in words, with their limit where there is one. */
  public String replicasShown() {
    String held = NumberFormats.count(replicas);
    return isCounted() ? held + " of at most " + NumberFormats.count(maxReplicas) : held;
  }

  /** Returns the used bytes in millionths of the capacity; 0 for a worker without capacity. */
  public int millionths() {
    return capacityBytes == 0
        ? 0
        : (int) Math.min(Integer.MAX_VALUE, Math.round(1e6 * usedBytes / capacityBytes));
  }
}
