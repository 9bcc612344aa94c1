package dev.stowage.lifecycle;

/** The states of a replica (lifecycle design, section 2); they follow from its stamps. */
public enum ReplicaState {
  /** Wanted. */
  ASSIGNED,
  /** The plan stopped wanting it; routed while it is confirmed. */
  SUPERSEDED,
  /** Released; its window runs. */
  DRAINING
}
