package dev.stowage.lifecycle;

/** The moves of replicas that a plan of one state would allow. Not thread-safe. */
public interface MoveRules {
  /** Reports whether a replica, by its slot, is wanted where it is and not pinned there. */
  boolean mayLeave(int slot);

  /**
   * Reports whether a worker can take a chunk's replica from another one by all rules of a commit,
   * with room for it, and without bringing the floor into fewer domains.
   */
  boolean takes(int chunk, int from, int to);
}
