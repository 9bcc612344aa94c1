package dev.stowage.engine.flight;

/**
 * Reads this machine's elapsed nanoseconds for display only, so that replays need no record of it.
 */
public final class Stopwatch {
  private Stopwatch() {}

  public static long nanos() {
    return System.nanoTime();
  }
}
