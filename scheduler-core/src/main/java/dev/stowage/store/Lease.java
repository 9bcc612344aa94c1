package dev.stowage.store;

import dev.stowage.columns.NameRule;
import dev.stowage.model.Lineage;
import dev.stowage.shape.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The right to write, held by one process until it expires.
 *
 * @param holder the name given by the claim
 * @param epoch the fencing token, counted up from 1 by every claim
 * @param lineage the history of the store that the lease was given for
 * @param expiresAtNanos the end, in nanoseconds of the store's clock only
 */
public record Lease(String holder, long epoch, Lineage lineage, long expiresAtNanos) {
  /** The longest lease; a store takes a longer one as hand-written. */
  public static final Duration LONGEST = Duration.ofDays(365);

  /** Throws {@link IllegalArgumentException} if the holder is empty or the epoch below 1. */
  public Lease {
    if (Objects.requireNonNull(holder, "holder").isEmpty()) {
      throw new IllegalArgumentException("holder is empty; at least 1 character is accepted");
    }
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch is " + epoch + "; at least 1 is accepted");
    }
    Objects.requireNonNull(lineage, "lineage");
  }

  /** Returns a sentence that names holder, epoch and end. */
  public String inWords() {
    return StorageException.printable(holder)
        + " holds the lease, in epoch "
        + epoch
        + ", until "
        + Instant.ofEpochSecond(0, expiresAtNanos).truncatedTo(ChronoUnit.MILLIS)
        + " on the store's clock";
  }

  /**
   * Returns a sentence that names holder, epoch and the time left.
   *
   * @param nowNanos nanoseconds on the store's clock
   */
  public String inWords(long nowNanos) {
    long left = expiresAtNanos - nowNanos;
    String end =
        left < 0
            ? "it ran out " + Unit.NANOS.print(-left) + " ago"
            : Unit.NANOS.print(left) + " are left of it";
    return StorageException.printable(holder) + " holds the lease, in epoch " + epoch + "; " + end;
  }

  /**
   * A request for the lease.
   *
   * @param holder a unique name: 1 to 512 characters, well-formed, not blank, no control characters
   * @param duration the length from a claim or renewal; above zero, at most {@link Lease#LONGEST}
   */
  public record LeaseRequest(String holder, Duration duration) {
    /** Throws {@link IllegalArgumentException} if a component is out of range. */
    public LeaseRequest {
      Objects.requireNonNull(holder, "holder");
      Objects.requireNonNull(duration, "duration");
      List<String> violations = violations(holder, duration);
      if (!violations.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", violations));
      }
    }

    /** Returns the violated bounds of a request. */
    public static List<String> violations(String holder, Duration duration) {
      List<String> found = new ArrayList<>();
      String ofHolder = violation(holder);
      if (ofHolder != null) {
        found.add(ofHolder);
      }
      if (isNone(duration)) {
        found.add(refusal(duration));
      }
      return found;
    }

    private static @Nullable String violation(String holder) {
      String violation = NameRule.violation(holder, "lease holder");
      boolean isBlank =
          holder
              .codePoints()
              .allMatch(it -> Character.isWhitespace(it) || Character.isSpaceChar(it));
      return violation == null && isBlank
          ? "lease holder is blank; at least 1 character that can be seen is accepted"
          : violation;
    }

    /** Throws {@link IllegalArgumentException} if a lease or renewal cannot have the duration. */
    public static void require(Duration duration) {
      if (isNone(Objects.requireNonNull(duration, "duration"))) {
        throw new IllegalArgumentException(refusal(duration));
      }
    }

    private static boolean isNone(Duration duration) {
      return duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0;
    }

    private static String refusal(Duration duration) {
      return "lease duration is "
          + duration
          + "; above zero and at most "
          + LONGEST.toDays()
          + " days is accepted";
    }
  }

  /** The answer to a claim: the granted lease, or another holder's. */
  public record LeaseAnswer(boolean granted, Lease lease) {
    /** Throws {@link NullPointerException} if {@code lease} is null. */
    public LeaseAnswer {
      Objects.requireNonNull(lease, "lease");
    }
  }
}
