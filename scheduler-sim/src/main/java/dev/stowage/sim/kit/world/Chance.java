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

  /** The sequence that begins at {@code seed}. */
  public static Chance ofSeed(long seed) {
    return new Chance(seed);
  }

  /** The next 64 bits. */
  public long next() {
    state += STEP;
    long mixed = state;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  /**
   * A number from 0 to {@code bound} - 1, each as likely as the next but for one part in 2^32.
   *
   * @throws IllegalArgumentException if {@code bound} is below 1
   */
  public int below(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound is " + bound + "; at least 1 is accepted");
    }
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  /** Whether an event of {@code percent} percent happens. */
  public boolean happens(int percent) {
    return below(100) < percent;
  }

  /** A sequence of its own, so that what one part draws does not disturb another. */
  public Chance split() {
    return new Chance(next());
  }
}
