package dev.stowage.audit;

/** Judges one state. Stateless. */
interface StateCheck {
  void check(Facts fleet, Findings findings);
}
