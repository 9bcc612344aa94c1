package dev.stowage.content.queue;

/** The place of a flow or tenant in a {@link TurnRing}, written only by the ring. */
abstract class Turn {
  long credited;

  /** Bytes left as of the credited round; negative after a turn out of order. */
  long deficit;

  int weight;

  int at;

  /** Returns the bytes charged for the next item, at least 1, so that no send is free. */
  abstract long headCharge();
}
