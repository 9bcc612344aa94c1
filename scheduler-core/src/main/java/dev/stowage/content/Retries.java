package dev.stowage.content;

import dev.stowage.pressure.Nanos;
import java.time.Duration;
import java.util.Locale;

/**
 * How often, and after how long, an item that failed is tried again. The wait doubles with every
 * failure up to a bound.
 *
 * @param maxRetries attempts after the first, 0 to {@value #MOST_RETRIES}
 * @param backoffNanos the wait after the first failure, at least 0
 * @param maxBackoffNanos the longest wait, at least 0
 */
public record Retries(int maxRetries, long backoffNanos, long maxBackoffNanos) {
  /** The most retries that can be asked for. */
  public static final int MOST_RETRIES = 100;

  /** Attempts after the first unless another number is asked for. */
  public static final int DEFAULT_MAX_RETRIES = 3;

  /** The wait after the first failure unless another is asked for: 100 ms. */
  public static final long DEFAULT_BACKOFF_NANOS = 100_000_000L;

  /** The longest wait unless another is asked for: 30 s. */
  public static final long DEFAULT_MAX_BACKOFF_NANOS = 30_000_000_000L;

  /** The named defaults. */
  public static final Retries DEFAULT =
      new Retries(DEFAULT_MAX_RETRIES, DEFAULT_BACKOFF_NANOS, DEFAULT_MAX_BACKOFF_NANOS);

  /**
   * Retries after a wait that doubles from one time to another.
   *
   * @param maxRetries attempts after the first, 0 to {@value #MOST_RETRIES}
   * @param backoff the wait after the first failure
   * @param maxBackoff the longest wait
   * @throws IllegalArgumentException for a number out of range, and for a time below zero or beyond
   *     292 years
   */
  public static Retries of(int maxRetries, Duration backoff, Duration maxBackoff) {
    return new Retries(
        maxRetries, Nanos.of(backoff, "backoff"), Nanos.of(maxBackoff, "maxBackoff"));
  }

  /** Refuses numbers out of range with {@link IllegalArgumentException}. */
  public Retries {
    if (maxRetries < 0 || maxRetries > MOST_RETRIES || backoffNanos < 0 || maxBackoffNanos < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "retries are %d (0 to %d) after %d ns, at most %d ns (at least 0)",
              maxRetries,
              MOST_RETRIES,
              backoffNanos,
              maxBackoffNanos));
    }
  }

  /**
   * The wait after a failure.
   *
   * @param failures failures so far, this one included; at least 1
   */
  public long waitNanos(int failures) {
    int doublings = Math.min(failures - 1, 62);
    boolean beyond = backoffNanos > maxBackoffNanos >> doublings;
    return beyond ? maxBackoffNanos : backoffNanos << doublings;
  }
}
