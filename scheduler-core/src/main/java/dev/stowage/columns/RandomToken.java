package dev.stowage.columns;

import java.security.SecureRandom;

/**
 * The one draw of this library that no seed decides, for names that must not meet: those of
 * lineages and of processes. Nothing is decided by what is drawn, and whoever wants one run twice
 * gives tokens of his own instead.
 */
public final class RandomToken {
  private RandomToken() {}

  /** 64 random bits. Thread-safe. */
  public static long draw() {
    return new SecureRandom().nextLong();
  }
}
