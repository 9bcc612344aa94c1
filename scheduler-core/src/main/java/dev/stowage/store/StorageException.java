package dev.stowage.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The environment failed: the store could not do what was asked. What is the caller's mistake or an
 * expected refusal is never told this way.
 */
public abstract sealed class StorageException extends RuntimeException
    permits StorageException.Fenced, StorageException.Transient, StorageException.Corrupt {
  private static final long serialVersionUID = 1L;

  private StorageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * Another holder leads, or the store's history is not the one that the lease was given for.
   * Nothing was changed; the session is over.
   */
  public static final class Fenced extends StorageException {
    private static final long serialVersionUID = 1L;

    /** Says who was fenced, and by what. */
    public Fenced(String message) {
      super(message, null);
    }
  }

  /** What is known about a commit that was interrupted. */
  public enum Outcome {
    /** Nothing was changed. */
    NOT_COMMITTED,
    /** It may be durable or not; {@link ChunkStore#outcomeOf} tells which. */
    UNKNOWN
  }

  /** It may work when it is tried again: a lost connection, a timeout, a conflict. */
  public static final class Transient extends StorageException {
    private static final long serialVersionUID = 1L;

    private final Outcome outcome;

    /** Says what was interrupted, and what is known about it. */
    public Transient(String message, Outcome outcome, @Nullable Throwable cause) {
      super(message, cause);
      this.outcome = Objects.requireNonNull(outcome, "outcome");
    }

    /** What is known about the commit. */
    public Outcome outcome() {
      return outcome;
    }
  }

  /** What is stored contradicts itself; the message names the row and the remedy. */
  public static final class Corrupt extends StorageException {
    private static final long serialVersionUID = 1L;

    /** Says which row is wrong, and how. */
    public Corrupt(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
