package dev.stowage.pressure;

/** Arithmetic on the caller's nanoseconds that saturates instead of wrapping. */
public final class Nanos {
  /** One second. */
  public static final long PER_SECOND = 1_000_000_000L;

  /** One millisecond. */
  public static final long PER_MILLISECOND = 1_000_000L;

  private Nanos() {}

  /** Nanoseconds from one time to a later one: 0 if it is not later, at most the greatest long. */
  public static long between(long from, long to) {
    if (to <= from) {
      return 0;
    }
    long difference = to - from;
    return difference < 0 ? Long.MAX_VALUE : difference;
  }

  /** A time this much later; the greatest long if there is none. */
  public static long plus(long time, long nanos) {
    long sum = time + nanos;
    return nanos >= 0 && sum < time ? Long.MAX_VALUE : sum;
  }
}
