package dev.stowage.content;

/** The result of offering an item to the queue. */
public enum ScheduleOutcome {
  /** The item is queued. */
  ACCEPTED,
  /** An item with this id is already queued; nothing changed. */
  DUPLICATE,
  /** The queue has no room, and lower-ranked items cannot make any; nothing changed. */
  REJECTED_FULL,
  /** The policy threw or gave no rank; nothing changed. */
  REJECTED_INVALID;

  /** Reports whether the item is queued. */
  public boolean isAccepted() {
    return this == ACCEPTED;
  }
}
