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
    super(escaped(message), cause);
  }

  /**
   * A text from a store as it may stand in a message, in a log and on a terminal: whoever can write
   * to the store may have written it. What is no character to be seen is escaped, and what is
   * longer than any name is cut.
   */
  public static String printable(String stored) {
    return StoredText.printable(stored);
  }

  /**
   * A whole message with texts from a store in it, as it may be printed: the same, but only what is
   * far longer than any message is cut, in its midst. Every message of this class is such a one.
   */
  public static String escaped(String message) {
    return StoredText.escaped(message);
  }

  /**
   * Another holder leads, or the store's history is not the one that the lease was given for.
   * Nothing was changed; the session is over.
   */
  public static final class Fenced extends StorageException {
    private static final long serialVersionUID = 1L;

    /** No fleet comes to so many claims. */
    private static final long LAST_EPOCH = 1L << 62;

    /** Says who was fenced, and by what. */
    public Fenced(String message) {
      super(message, null);
    }

    /**
     * Says who holds the lease instead of {@code mine}.
     *
     * @param mine the lease that is over
     * @param now who holds which; null if nobody does
     */
    public static Fenced deposed(Lease mine, @Nullable Lease now) {
      String who =
          now == null ? "nobody holds it" : printable(now.holder()) + " holds " + now.epoch();
      String same =
          now != null && now.epoch() > LAST_EPOCH
              ? ": nobody claims that often; a hand changed it, restore the row of the lease"
              : now != null && now.holder().equals(mine.holder())
                  ? ": another process uses this name too, and whoever claims under a name takes"
                      + " the lease from whoever has it; give each process a holder of its own"
                      + " (StowageConfig.withHolder), or none, and one is drawn"
                  : "";
      return new Fenced(mine.holder() + " held epoch " + mine.epoch() + "; now " + who + same);
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
