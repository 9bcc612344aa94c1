package dev.stowage.audit;

/** Judges one snapshot. Stateless. */
interface StateCheck {
  void check(FleetSnapshot fleet, Findings findings);
}
