package dev.stowage.columns;

import java.security.SecureRandom;

/**
 * The only randomness without a seed: draws names of lineages and processes that must not collide.
 * No decision depends on a draw; repeatable runs pass their own tokens.
 */
public final class RandomToken {
  private RandomToken() {}

  /** Returns 64 random bits. Thread-safe. */
  public static long draw() {
    return new SecureRandom().nextLong();
  }
}
