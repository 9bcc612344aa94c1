package dev.stowage.content.queue;

/**
 * Sums up sizes exactly, past the largest {@code long} too: what failed waits again whatever the
 * limits are, so more may wait than a {@code long} counts. Holds up to 2^31 items of 2^56 bytes.
 */
final class ByteSum {
  private static final int LOW_BITS = 32;
  private static final long LOW = (1L << LOW_BITS) - 1;

  /** The sum is {@code high * 2^32 + low}; {@code low} is not carried over. */
  private long high;

  private long low;

  /** Adds one size of 0 bytes or more. */
  void add(long bytes) {
    high += bytes >>> LOW_BITS;
    low += bytes & LOW;
  }

  /** Takes one size away that was added. */
  void subtract(long bytes) {
    high -= bytes >>> LOW_BITS;
    low -= bytes & LOW;
  }

  void clear() {
    high = 0;
    low = 0;
  }

  /** Returns the sum, or the largest {@code long} if the sum is larger. */
  long bytes() {
    long carried = high + (low >> LOW_BITS);
    return carried > Long.MAX_VALUE >> LOW_BITS
        ? Long.MAX_VALUE
        : (carried << LOW_BITS) + (low & LOW);
  }

  /** Reports whether {@code bytes} more fit under a limit once {@code freed} is taken away. */
  boolean hasRoom(long bytes, ByteSum freed, long limit) {
    long highOver = high - freed.high + (bytes >>> LOW_BITS) - (limit >>> LOW_BITS);
    long lowOver = low - freed.low + (bytes & LOW) - (limit & LOW);
    long over = highOver + (lowOver >> LOW_BITS);
    return over < 0 || (over == 0 && (lowOver & LOW) == 0);
  }
}
