package dev.stowage.lifecycle;

/** The states of a swap (lifecycle design, section 5). */
public enum SwapState {
  /** Registered; portals see the old side. */
  PENDING,
  /** Portals see the new side; kept as an audit trail. */
  FIRED,
  /** Never fires; its new side is marked for removal. */
  CANCELLED
}
