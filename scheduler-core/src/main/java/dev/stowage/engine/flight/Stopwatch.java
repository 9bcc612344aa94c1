package dev.stowage.engine.flight;

/**
 * Reads the time that passes on this machine. Only what is shown to people is measured by it:
 * nothing is decided by it, so replays need not know it.
 */
public final class Stopwatch {
  private Stopwatch() {}

  /** Returns nanoseconds since an arbitrary moment. */
  public static long nanos() {
    return System.nanoTime();
  }
}
