package dev.stowage.columns;

/** The avalanche that finishes every hash of a plan. It must never change. Stateless. */
public final class Avalanche {
  private Avalanche() {}

  /** Returns a bijective mix in which every input bit reaches every output bit. */
  public static long of(long value) {
    long z = (value ^ (value >>> 32)) * 0xd6e8feb86659fd93L;
    z = (z ^ (z >>> 32)) * 0xd6e8feb86659fd93L;
    return z ^ (z >>> 32);
  }
}
