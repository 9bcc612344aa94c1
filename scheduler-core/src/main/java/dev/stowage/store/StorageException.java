package dev.stowage.store;

import dev.stowage.columns.ForeignText;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Thrown if the environment fails a store, never for a caller's mistake or expected refusal. */
public abstract sealed class StorageException extends RuntimeException
    permits StorageException.Fenced, StorageException.Transient, StorageException.Corrupt {
  private static final long serialVersionUID = 1L;

  private StorageException(String message, @Nullable Throwable cause) {
    super(escaped(message), cause);
  }

  /**
   * Returns a store's text, which any writer may forge, escaped for terminals and cut like names.
   */
  public static String printable(String stored) {
    return ForeignText.quoted(stored);
  }

  /** Returns a message with store texts, escaped, and cut in its midst if very long. */
  public static String escaped(String message) {
    return ForeignText.message(message);
  }

  /**
   * Thrown if another holder leads or the history differs. Nothing changed; the session is over.
   */
  public static final class Fenced extends StorageException {
    private static final long serialVersionUID = 1L;

    private static final long LAST_EPOCH = 1L << 62;

    /** Creates an exception. */
    public Fenced(String message) {
      super(message, null);
    }

    /** Creates an exception that names the holder instead of {@code mine}; null for none. */
    public static Fenced deposed(Lease mine, @Nullable Lease now) {
      String who =
          now == null ? "nobody holds it" : printable(now.holder()) + " holds " + now.epoch();
      String same =
          now != null && now.epoch() > LAST_EPOCH
              ? ": no claims reach that epoch, the row of the lease was edited; restore it"
              : now != null && now.holder().equals(mine.holder())
                  ? ": another process uses this name too, and each claim under one name takes the"
                      + " lease over; give each process a holder of its own"
                      + " (StowageConfig.withHolder), or none, so that one is drawn"
                  : "";
      return new Fenced(mine.holder() + " held epoch " + mine.epoch() + "; now " + who + same);
    }
  }

  /** The known outcome of an interrupted commit. */
  public enum Outcome {
    /** Nothing was changed. */
    NOT_COMMITTED,
    /** Durable or not; the store tells which, asked for the outcome of the commit. */
    UNKNOWN
  }

  /** Thrown if a retry may succeed: a lost connection, a timeout, a conflict. */
  public static final class Transient extends StorageException {
    private static final long serialVersionUID = 1L;

    private final Outcome outcome;

    /** Creates an exception with the outcome as far as known. */
    public Transient(String message, Outcome outcome, @Nullable Throwable cause) {
      super(message, cause);
      this.outcome = Objects.requireNonNull(outcome, "outcome");
    }

    /** Returns the known outcome of the commit. */
    public Outcome outcome() {
      return outcome;
    }
  }

  /** Thrown if stored data contradicts itself; the message names the row and the remedy. */
  public static final class Corrupt extends StorageException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception. */
    public Corrupt(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
