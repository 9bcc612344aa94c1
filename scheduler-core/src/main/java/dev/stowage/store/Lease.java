package dev.stowage.store;

import dev.stowage.columns.NameRule;
import dev.stowage.model.Lineage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The right to write, held by one process until it expires.
 *
 * @param holder who holds it, as the claim named itself
 * @param epoch the fencing token, counted up from 1 by every claim
 * @param lineage the history of the store that the lease was given for
 * @param expiresAtNanos when it ends, in nanoseconds on the store's own clock: to be compared with
 *     {@link ChunkStore#clockNanos} and with nothing else
 */
public record Lease(String holder, long epoch, Lineage lineage, long expiresAtNanos) {
  /** No lease lasts longer at a time: a store takes one that does for a hand's work. */
  public static final Duration LONGEST = Duration.ofDays(365);

  /** Refuses nulls, an empty holder and an epoch below 1. */
  public Lease {
    if (Objects.requireNonNull(holder, "holder").isEmpty()) {
      throw new IllegalArgumentException("holder is empty; at least 1 character is accepted");
    }
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch is " + epoch + "; at least 1 is accepted");
    }
    Objects.requireNonNull(lineage, "lineage");
  }

  /** Who holds it, in which epoch and until when. */
  public String inWords() {
    return StorageException.printable(holder)
        + " holds the lease, in epoch "
        + epoch
        + ", until "
        + expiresAtNanos
        + " ns on the store's clock";
  }

  /**
   * Who asks for the lease, and for how long.
   *
   * @param holder names the process, as any name: 1 to 512 characters, well-formed, not blank, no
   *     control characters; two processes never share one
   * @param duration how long the lease lasts from the claim, and again from each renewal; above
   *     zero, at most {@link Lease#LONGEST}
   */
  public record LeaseRequest(String holder, Duration duration) {
    /** Refuses what cannot be a holder, and a duration that no lease has. */
    public LeaseRequest {
      Objects.requireNonNull(holder, "holder");
      Objects.requireNonNull(duration, "duration");
      List<String> violations = violations(holder, duration);
      if (!violations.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", violations));
      }
    }

    /** What keeps a lease of this duration from being asked for under this name. */
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

    /** A name of blanks alone is seen by nobody who looks for who leads. */
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

    /** Refuses a duration that no lease has; what a renewal asks for. */
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
}
