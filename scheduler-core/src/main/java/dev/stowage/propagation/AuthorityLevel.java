package dev.stowage.propagation;

/** Who may update a state. */
public enum AuthorityLevel {
  /** Its one owner. */
  EXCLUSIVE,
  /** Its members, who may grant and revoke. */
  SHARED,
  /** Everybody. */
  OPEN,
  /** Nobody. */
  FROZEN
}
