package dev.stowage.content.queue;

/**
 * A place in a {@link TurnRing}: what round robin knows about one flow or tenant. Only the ring
 * writes it.
 */
abstract class Turn {
  /** The last round whose quantum is in the deficit. */
  long credited;

  /**
   * Bytes that it may still send, as of the credited round; below zero after a turn out of order.
   */
  long deficit;

  /** How many quanta one turn brings. */
  int weight;

  /** Position in the ring's heap. */
  int at;

  /** Bytes that its next item costs; at least 1, so that nobody sends for nothing for ever. */
  abstract long headCharge();
}
