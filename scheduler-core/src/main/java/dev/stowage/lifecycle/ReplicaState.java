package dev.stowage.lifecycle;

/** The states of a replica (lifecycle design, section 2); they follow from its stamps. */
public enum ReplicaState {
  /** Wanted by the plan. */
  ASSIGNED,
  /** No longer wanted by the plan; routed while it is confirmed. */
  SUPERSEDED,
  /** Released; its window runs. */
  DRAINING
}
