package dev.stowage.storage.postgres;

import java.security.SecureRandom;

/**
 * The elapsed time and the tokens of this process, by which it proves its commits. No decision
 * about the fleet depends on them. Thread-safe.
 */
final class OwnProcess {
  private OwnProcess() {}

  /** Returns elapsed nanoseconds since an arbitrary moment. */
  static long nanos() {
    return System.nanoTime();
  }

  /** Returns 64 random bits. */
  static long token() {
    return new SecureRandom().nextLong();
  }
}
