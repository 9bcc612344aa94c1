package dev.stowage;

import java.util.Objects;

/** The facade cannot do what was asked in the role it is in; nothing was changed. */
public final class StowageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why not. */
  public enum Reason {
    /** Only the process that holds the lease runs cycles: {@link Stowage#claim} first. */
    NOT_LEADING,
    /** The facade was closed. */
    CLOSED
  }

  private final Reason reason;

  /** The answer that a facade gives by throwing. */
  public StowageException(Reason reason, String message) {
    super(message);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /** Why not. */
  public Reason reason() {
    return reason;
  }
}
