package dev.stowage.sim.demo;

/**
 * The fewest bytes with which an event can be answered: the greatest of three lower bounds, each of
 * which no planner can undercut.
 *
 * <ul>
 *   <li>The bytes missing: of every chunk the replicas wanted beyond those that are kept.
 *   <li>The bytes by which workers lay below the balance that is asked for, as far as they gained
 *       them.
 *   <li>The bytes by which workers lay above it, as far as they gave them away, less those that
 *       nobody wants any more: what goes from one worker and is still wanted must be copied to
 *       another.
 * </ul>
 *
 * <p>The first two are {@code bytes_minimum} of the simulation design, section 4; the third is for a
 * capacity that was cut. What a worker neither gained nor gave away is not counted, because some
 * fleets cannot be balanced: where chunks are coarse, or lie on every worker. Not thread-safe.
 */
final class MovementMinimum {
  private static final int ONE = 1_000_000;

  private final int slackMillionths;
  private long missing;
  private long surplus;
  private long wanted;
  private long capacity;
  private final java.util.List<long[]> workers = new java.util.ArrayList<>();

  /** With a slack of so many millionths of the water level on both sides of it. */
  MovementMinimum(int slackMillionths) {
    this.slackMillionths = slackMillionths;
  }

  /** A chunk of which {@code kept} replicas are there and {@code wantedReplicas} should be. */
  void chunk(long sizeBytes, int wantedReplicas, int kept) {
    missing += Math.max(0, wantedReplicas - kept) * sizeBytes;
    surplus += Math.max(0, kept - wantedReplicas) * sizeBytes;
    wanted += wantedReplicas * sizeBytes;
  }

  /** A worker that takes part in the balance, the bytes that it keeps, and those it ends with. */
  void worker(long capacityBytes, long keptBytes, long endBytes) {
    capacity += capacityBytes;
    workers.add(new long[] {capacityBytes, keptBytes, endBytes});
  }

  /** The minimum, in bytes. */
  long bytes() {
    long below = 0;
    long above = 0;
    for (long[] worker : workers) {
      long low = share(worker[0], ONE - slackMillionths);
      long high = Math.min(worker[0], share(worker[0], ONE + slackMillionths));
      below += Math.max(0, Math.min(low, worker[2]) - worker[1]);
      above += Math.max(0, worker[1] - Math.max(high, worker[2]));
    }
    return Math.max(missing, Math.max(below, above - surplus));
  }

  /** The bytes of one worker at so many millionths of the water level, rounded down. */
  private long share(long capacityBytes, long millionths) {
    if (capacity == 0) {
      return 0;
    }
    double level = (double) wanted / capacity;
    return (long) Math.floor(level * capacityBytes * millionths / ONE);
  }
}
