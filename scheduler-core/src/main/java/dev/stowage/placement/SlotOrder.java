package dev.stowage.placement;

/**
 * The canonical order of chunks by slot: dataset, first block, chunk id (placement design, section
 * 1). Plans break ties by it, so slots can be assigned in any order.
 */
@FunctionalInterface
public interface SlotOrder {
  /** The order for callers with slots that ascend canonically. */
  SlotOrder ASCENDING = Integer::compare;

  /**
   * Compares two different known chunks; negative if {@code one} comes first, else positive. The
   * answer must not change. Called on the planning thread.
   */
  int compare(int one, int other);
}
