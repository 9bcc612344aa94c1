package dev.stowage.command;

/** The blocks that the new side of a swap must cover. */
public enum Coverage {
  /** Exactly the blocks of the old side. */
  SAME,
  /** Any blocks. */
  CHANGE
}
