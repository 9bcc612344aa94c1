package dev.stowage.content;

/** What became of an item that was offered to the queue. */
public enum ScheduleOutcome {
  /** It is queued. */
  ACCEPTED,
  /** An item with its id is queued already; nothing changed. */
  DUPLICATE,
  /** There is no room, and nothing that ranks below it could make any; nothing changed. */
  REJECTED_FULL,
  /** The policy threw or gave it no rank; nothing changed. */
  REJECTED_INVALID;

  /** Whether it is queued now. */
  public boolean isAccepted() {
    return this == ACCEPTED;
  }
}
