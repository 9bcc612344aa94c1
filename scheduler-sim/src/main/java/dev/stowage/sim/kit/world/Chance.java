package dev.stowage.sim.kit.world;

/**
 * The one source of chance of a world: the SplitMix64 sequence of Steele, Lea and Flood (2014), the
 * same on every machine and JDK. Not thread-safe.
 */
public final class Chance {
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private long state;

  private Chance(long seed) {
    state = seed;
  }

  /** Returns the sequence of {@code seed}. */
  public static Chance ofSeed(long seed) {
    return new Chance(seed);
  }

  /** Returns the next 64 bits. */
  public long next() {
    state += STEP;
    long mixed = state;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  /**
   * Returns a number from 0 to {@code bound} - 1, uniform but for one part in 2^32.
   *
   * @throws IllegalArgumentException if {@code bound} is below 1
   */
  public int below(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound is " + bound + "; at least 1 is accepted");
    }
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  /** Reports whether an event of {@code percent} percent happens. */
  public boolean happens(int percent) {
    return below(100) < percent;
  }

  /** Returns an independent sequence, so that the draws of one part do not disturb another. */
  public Chance split() {
    return new Chance(next());
  }
}
