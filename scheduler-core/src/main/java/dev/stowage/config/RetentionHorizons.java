package dev.stowage.config;

/**
 * The ticks for which rows are kept after they ended (lifecycle design, section 7): tombstones and
 * rejected chunks, ended swaps, replaced assignments, departed workers. {@link
 * LifecycleConfig#NEVER} keeps them for ever.
 */
public record RetentionHorizons(
    long chunkTicks, long swapTicks, long assignmentTicks, long workerTicks) {
  /** Returns one horizon for every kind. */
  public static RetentionHorizons ofTicks(long ticks) {
    return new RetentionHorizons(ticks, ticks, ticks, ticks);
  }
}
