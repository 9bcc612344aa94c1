package dev.stowage.placement;

/** What a plan does to one replica. */
public enum ActionKind {
  /** A pair that is not held becomes wanted: its worker downloads the chunk. */
  ADD,
  /** A superseded or draining replica is wanted again; costs nothing. */
  READOPT,
  /** An assigned replica is no longer wanted; it goes through release and drain. */
  SUPERSEDE,
  /** A replica is taken away in this very cycle to make room for a starved floor. */
  PREEMPT
}
