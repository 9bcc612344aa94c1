package dev.stowage.placement;

/** The change that an action makes to one replica. */
public enum ActionKind {
  /** A pair that is not held becomes wanted; its worker downloads the chunk. */
  ADD,
  /** A superseded or draining replica becomes wanted again, which costs nothing. */
  READOPT,
  /** An assigned replica stops being wanted and goes through release and drain. */
  SUPERSEDE,
  /** A replica is deleted in this cycle to make room for a starved floor. */
  PREEMPT
}
