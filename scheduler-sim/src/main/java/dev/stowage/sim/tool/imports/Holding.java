package dev.stowage.sim.tool.imports;

import dev.stowage.placement.PlacementInput.ReplicaBits;

/** Tells how a worker holds a chunk. */
enum Holding {
  /** It is to hold the chunk, and has all of it. */
  COMPLETE(ReplicaBits.ASSIGNED, true),
  /** It is to hold the chunk, and does not have all of it yet. */
  COMING(ReplicaBits.ASSIGNED, false),
  /** It has the chunk, and is to give it up. */
  GOING(ReplicaBits.SUPERSEDED, true),
  /** It is to give up what it has of the chunk. */
  REMAINS(ReplicaBits.SUPERSEDED, false);

  private final int state;
  private final boolean isPossessed;

  Holding(int state, boolean isPossessed) {
    this.state = state;
    this.isPossessed = isPossessed;
  }

  static Holding of(boolean isWanted, boolean isPossessed) {
    if (isWanted) {
      return isPossessed ? COMPLETE : COMING;
    }
    return isPossessed ? GOING : REMAINS;
  }

  boolean isWanted() {
    return state == ReplicaBits.ASSIGNED;
  }

  boolean isPossessed() {
    return isPossessed;
  }

  /** Returns the flags of the replica; readers are served by what has all of the chunk. */
  int bits() {
    int served = ReplicaBits.POSSESSED | ReplicaBits.ROUTED | ReplicaBits.READABLE;
    return state | (isPossessed ? served : 0);
  }
}
