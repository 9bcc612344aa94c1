package dev.stowage.content;

/**
 * A place in a {@link TurnRing}: what round robin knows about one flow or tenant. Only the ring
 * writes it.
 */
abstract class Turn {
  /**
   * The round in which it can pay for its next item; 0 for those that are served before all turns.
   */
  long round;

  /** Its place in the ring: later ones joined later. */
  long position;

  /** The last round whose quantum is in the deficit. */
  long credited;

  /**
   * Bytes that it may still send, as of the credited round; below zero after a turn out of order.
   */
  long deficit;

  /** Bytes that one turn brings. */
  long quantum;

  /** Position in the ring's heap. */
  int at;

  /** Bytes that its next item costs; at least 1, so that nobody sends for nothing for ever. */
  abstract long headCharge();
}
