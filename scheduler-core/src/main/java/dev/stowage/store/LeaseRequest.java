package dev.stowage.store;

import java.time.Duration;
import java.util.Objects;

/**
 * Who asks for the lease, and for how long.
 *
 * @param holder names the process; two processes never share a name
 * @param duration how long the lease lasts from the claim, and again from each renewal; above zero
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
