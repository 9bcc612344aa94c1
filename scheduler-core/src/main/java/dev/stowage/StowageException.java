package dev.stowage;

import java.util.Objects;

/** Thrown if the facade cannot do something in its present role; nothing was changed. */
public final class StowageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The reason of a refusal. */
  public enum Reason {
    /** Only the process that holds the lease runs cycles: {@link Stowage#claim} first. */
    NOT_LEADING,
    /** The facade was closed. */
    CLOSED,
    /** As many commands wait as {@link StowageConfig.QueueConfig} admits; submit again later. */
    BACKPRESSURE
  }

  private final Reason reason;

  /** Creates an exception. */
  public StowageException(Reason reason, String message) {
    super(message);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /** Returns the reason of the refusal. */
  public Reason reason() {
    return reason;
  }
}
