package dev.stowage.storage.memory;

import java.util.function.LongSupplier;

/** A fixed sequence of distinct tokens that look random: a scrambled counter. */
final class CountedTokens implements LongSupplier {
  private long count;

  @Override
  public long getAsLong() {
    long z = ++count * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    return z ^ (z >>> 31);
  }
}
