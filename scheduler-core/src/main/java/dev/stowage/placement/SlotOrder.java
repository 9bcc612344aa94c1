package dev.stowage.placement;

/**
 * The canonical order of the chunks that a {@link WarmPlanner} was fed: by dataset, first block and
 * chunk id (placement design, section 1). Wherever a plan breaks a tie by canonical order, it asks
 * here, so slots can be given to chunks in any order.
 */
@FunctionalInterface
public interface SlotOrder {
  /** For callers whose slots ascend in canonical order. */
  SlotOrder ASCENDING = Integer::compare;

  /**
   * Compares two different chunks that are known to the planner. The answer must not change as long
   * as both are; it is asked for on the thread that plans.
   *
   * @return negative if the chunk in slot {@code one} comes first, else positive
   */
  int compare(int one, int other);
}
