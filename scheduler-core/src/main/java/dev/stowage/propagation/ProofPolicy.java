package dev.stowage.propagation;

import dev.stowage.pressure.Nanos;
import java.time.Duration;

/**
 * How long proofs of authority are good for.
 *
 * @param validNanos how old one may be, at least 0; exactly this old it is still good
 * @param aheadNanos how far ahead of the clock it may be dated, at least 0
 */
public record ProofPolicy(long validNanos, long aheadNanos) {
  /** Good for 30 s, dated at most 5 s ahead. */
  public static final ProofPolicy DEFAULT =
      new ProofPolicy(30 * Nanos.PER_SECOND, 5 * Nanos.PER_SECOND);

  /**
   * Proofs that may be so old, and dated so far ahead.
   *
   * @throws IllegalArgumentException for a time below zero or beyond 292 years
   */
  public static ProofPolicy of(Duration valid, Duration ahead) {
    return new ProofPolicy(Nanos.of(valid, "valid"), Nanos.of(ahead, "ahead"));
  }

  /** Refuses what is below 0 with {@link IllegalArgumentException}. */
  public ProofPolicy {
    if (validNanos < 0 || aheadNanos < 0) {
      throw new IllegalArgumentException(
          "validNanos is " + validNanos + ", aheadNanos " + aheadNanos + "; at least 0");
    }
  }
}
