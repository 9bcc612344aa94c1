package dev.stowage.deterministic;

/** Refuses an access by a thread that does not own what it touches. */
public final class ForeignAccess extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  ForeignAccess(String what, Object owner, Thread caller) {
    super(what + " belongs to " + owner + "; " + caller + " may not touch it");
  }
}
