package dev.stowage.lifecycle;

/** What the new side of a swap must cover. */
public enum Coverage {
  /** Exactly the blocks that the old side covers. */
  SAME,
  /** Anything: the change of coverage is asked for. */
  CHANGE
}
