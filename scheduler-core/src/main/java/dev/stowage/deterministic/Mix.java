package dev.stowage.deterministic;

/** The one 64-bit mixing function of this package: a bijection with good avalanche. */
final class Mix {
  static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Mix() {}

  /** The finaliser of the SplitMix64 generator (Steele, Lea, Flood, 2014) behind one increment. */
  static long mix(long x) {
    long z = x + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
