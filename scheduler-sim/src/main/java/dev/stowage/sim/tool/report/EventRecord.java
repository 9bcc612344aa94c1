package dev.stowage.sim.tool.report;

/**
 * One event of a run and what it cost until the fleet had converged again.
 *
 * @param name a short name, such as {@code worker-lost}
 * @param title what happened, for people
 * @param firstCycle the first cycle that knew of it
 * @param lastCycle the cycle after which nothing was left to do
 * @param bytesMoved bytes that workers downloaded for it
 * @param bytesMinimum the fewest bytes with which it could be answered
 * @param swapsFired corrections that became visible
 * @param replicasDrained replicas deleted once nobody could read them any more
 */
public record EventRecord(
    String name,
    String title,
    long firstCycle,
    long lastCycle,
    long bytesMoved,
    long bytesMinimum,
    long swapsFired,
    long replicasDrained) {
  /** Cycles from the event until convergence. */
  public long cycles() {
    return lastCycle - firstCycle + 1;
  }

  /** Bytes moved divided by the minimum; 1 if neither is above 0. */
  public double movedOverMinimum() {
    if (bytesMinimum == 0) {
      return bytesMoved == 0 ? 1.0 : Double.POSITIVE_INFINITY;
    }
    return (double) bytesMoved / bytesMinimum;
  }
}
