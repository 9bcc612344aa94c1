package dev.stowage.propagation;

/** How urgent a delivery is, the least urgent first. */
public enum PropagationPriority {
  /** When nothing else is to do; dropped if it would have to wait too long. */
  BACKGROUND,
  /** As it comes. */
  NORMAL,
  /** Soon. */
  HIGH,
  /** At once; may borrow from the budget. */
  URGENT;

  private static final PropagationPriority[] ALL = values();

  /**
   * This urgency of interest, moved by what an update is above or below {@link #NORMAL}, and kept
   * within the range.
   */
  public PropagationPriority movedBy(PropagationPriority update) {
    int moved = ordinal() + update.ordinal() - NORMAL.ordinal();
    return ALL[Math.max(0, Math.min(URGENT.ordinal(), moved))];
  }
}
