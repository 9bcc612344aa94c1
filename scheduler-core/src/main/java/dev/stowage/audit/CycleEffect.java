package dev.stowage.audit;

/** Whether a cycle changed the state, stamps included. */
public enum CycleEffect {
  /** It wrote nothing but marks of consumed news. */
  NOTHING,
  /** It changed the state. */
  SOMETHING
}
