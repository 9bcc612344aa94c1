package dev.stowage.sim.tool.run;

/**
 * The fewest bytes with which an event can be answered: the greatest of three lower bounds, each of
 * which no planner can undercut.
 *
 * <ul>
 *   <li>The bytes missing: of every chunk the replicas wanted beyond those that are kept.
 *   <li>The bytes by which workers lay below the water level (the fill at which all would be
 *       equally full), as far as they were brought up to it.
 *   <li>The bytes by which workers lay above it or above their capacity, as far as they were
 *       brought down to it, less those that nobody wants any more: what goes from one worker and is
 *       still wanted must be copied to another.
 * </ul>
 *
 * <p>The first two are {@code bytes_minimum} of the simulation design, section 4, taken over a
 * whole event: what a slack leaves undone is not counted, nor is what a worker gained beyond the
 * level. The third is for a capacity that was cut. Not thread-safe.
 */
final class MovementMinimum {
  private long missing;
  private long surplus;
  private long wanted;
  private long capacity;
  private final java.util.List<long[]> workers = new java.util.ArrayList<>();

  void chunk(long sizeBytes, int wantedReplicas, int kept) {
    missing += Math.max(0, wantedReplicas - kept) * sizeBytes;
    surplus += Math.max(0, kept - wantedReplicas) * sizeBytes;
    wanted += wantedReplicas * sizeBytes;
  }

  void worker(long capacityBytes, long keptBytes, long endBytes) {
    capacity += capacityBytes;
    workers.add(new long[] {capacityBytes, keptBytes, endBytes});
  }

  /** Returns the minimum, in bytes. */
  long bytes() {
    long below = 0;
    long above = 0;
    for (long[] worker : workers) {
      long level = level(worker[0]);
      below += Math.max(0, Math.min(level, worker[2]) - worker[1]);
      above += Math.max(0, worker[1] - Math.max(level, worker[2]));
    }
    return Math.max(missing, Math.max(below, above - surplus));
  }

  /** Returns the bytes of one worker at the water level, rounded down. */
  private long level(long capacityBytes) {
    if (capacity == 0) {
      return 0;
    }
    double fill = Math.min(1, (double) wanted / capacity);
    return (long) Math.floor(fill * capacityBytes);
  }
}
