package dev.stowage.columns;

/** The mixing function of stored orders, draws and digests. It must never change. */
public final class Mix {
  /** The odd number nearest to 2^64 divided by the golden ratio; its multiples lie far apart. */
  public static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Mix() {}

  /** Mixes bijectively: an increment and SplitMix64's finaliser (Steele, Lea, Flood, 2014). */
  public static long mix(long x) {
    long z = x + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Folds a value into a hash; the order of folding matters. */
  public static long fold(long hash, long value) {
    return mix(hash * 31 + value);
  }
}
