package dev.stowage.lifecycle;

/**
 * How many ticks each kind of ended row is kept (lifecycle design, section 7); {@link
 * LifecycleConfig#NEVER} keeps it for ever.
 *
 * @param chunkTicks tombstones and rejected chunks, after they ended
 * @param swapTicks fired and cancelled swaps, after they ended
 * @param assignmentTicks old assignments, after they were replaced
 * @param workerTicks departed workers, after they departed
 */
public record RetentionHorizons(
    long chunkTicks, long swapTicks, long assignmentTicks, long workerTicks) {
  /** One horizon for every kind. */
  public static RetentionHorizons ofTicks(long ticks) {
    return new RetentionHorizons(ticks, ticks, ticks, ticks);
  }
}
