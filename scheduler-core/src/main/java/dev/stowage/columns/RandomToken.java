package dev.stowage.columns;

import java.security.SecureRandom;

/** The only unseeded randomness: tokens of lineages and processes. No decision depends on it. */
public final class RandomToken {
  private RandomToken() {}

  /** Returns 64 random bits. Thread-safe. */
  public static long draw() {
    return new SecureRandom().nextLong();
  }
}
