package dev.stowage.store;

import dev.stowage.model.Lineage;
import java.time.Duration;
import java.util.Objects;

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
  /** Refuses nulls, an empty holder and an epoch below 1. */
  public Lease {
    if (holder.isEmpty()) {
      throw new IllegalArgumentException("holder is empty; at least 1 character is accepted");
    }
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch is " + epoch + "; at least 1 is accepted");
    }
    Objects.requireNonNull(lineage, "lineage");
  }

  /** Who holds it, in which epoch and until when. */
  public String inWords() {
    return holder
        + " holds the lease, in epoch "
        + epoch
        + ", until "
        + expiresAtNanos
        + " ns on the store's clock";
  }

  /**
   * Who asks for the lease, and for how long.
   *
   * @param holder names the process; two processes never share a name
   * @param duration how long the lease lasts from the claim, and again from each renewal; above
   *     zero
   */
  public record LeaseRequest(String holder, Duration duration) {
    /** Refuses an empty holder and a duration that is not above zero. */
    public LeaseRequest {
      if (holder.isEmpty()) {
        throw new IllegalArgumentException("holder is empty; at least 1 character is accepted");
      }
      Objects.requireNonNull(duration, "duration");
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("lease lasts " + duration + "; above zero is accepted");
      }
    }
  }
}
