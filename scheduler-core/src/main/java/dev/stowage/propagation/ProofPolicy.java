package dev.stowage.propagation;

import dev.stowage.pressure.Nanos;

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

  /** Refuses what is below 0 with {@link IllegalArgumentException}. */
  public ProofPolicy {
    if (validNanos < 0 || aheadNanos < 0) {
      throw new IllegalArgumentException(
          "validNanos is " + validNanos + ", aheadNanos " + aheadNanos + "; at least 0");
    }
  }
}
