package dev.stowage.pressure;

/**
 * Permits for bytes, refilled at a steady rate up to a burst.
 *
 * <p>Refill is exact: whole tokens plus a remainder of a billionth of a token, in integers,
 * computed from the time that the caller passes. Asking often or rarely makes no difference, and
 * nothing drifts. Time that goes backwards refills nothing and takes nothing away.
 *
 * <p>What is larger than the burst may be taken when the bucket is full; the tokens then go below
 * zero and the debt is paid by refill. Not thread-safe.
 */
public final class TokenBucket {
  private final long bytesPerSecond;
  private final long burstBytes;
  private final long wholePerNano;
  private final long fractionPerNano;
  private long tokens;
  private long remainder;
  private long refilledAtNanos;

  /**
   * A full bucket.
   *
   * @param bytesPerSecond refill, at least 1
   * @param burstBytes most tokens held, at least 1
   * @param nowNanos the time from which it refills
   */
  public TokenBucket(long bytesPerSecond, long burstBytes, long nowNanos) {
    this.bytesPerSecond = atLeastOne(bytesPerSecond, "bytesPerSecond");
    this.burstBytes = atLeastOne(burstBytes, "burstBytes");
    this.wholePerNano = bytesPerSecond / Nanos.PER_SECOND;
    this.fractionPerNano = bytesPerSecond % Nanos.PER_SECOND;
    this.tokens = burstBytes;
    this.refilledAtNanos = nowNanos;
  }

  /** Tokens at a time: at most the burst, below zero while a debt is open. */
  public long tokens(long nowNanos) {
    refill(nowNanos);
    return tokens;
  }

  /** Whether this many bytes may go at a time. */
  public boolean allows(long bytes, long nowNanos) {
    return missing(bytes, nowNanos) == 0;
  }

  /** Tokens that are missing before this many bytes may go; 0 if they may go at once. */
  public long missing(long bytes, long nowNanos) {
    refill(nowNanos);
    long needed = Math.min(requireBytes(bytes), burstBytes);
    return needed <= tokens ? 0 : saturatedDifference(needed, tokens);
  }

  /**
   * Nanoseconds until this many bytes may go if nothing else is taken; 0 if they may go at once.
   * The smallest such number: one nanosecond earlier they may not.
   */
  public long nanosUntil(long bytes, long nowNanos) {
    return nanosUntilTokens(Math.min(requireBytes(bytes), burstBytes), nowNanos);
  }

  /**
   * Nanoseconds until the bucket holds at least this many tokens if nothing is taken; 0 if it does.
   * The smallest such number.
   *
   * @param level at most the burst; below zero for a debt that is left
   */
  public long nanosUntilTokens(long level, long nowNanos) {
    if (level > burstBytes) {
      throw new IllegalArgumentException(
          "level is " + level + "; at most the burst of " + burstBytes + " is accepted");
    }
    refill(nowNanos);
    if (level <= tokens) {
      return 0;
    }
    long missing = saturatedDifference(level, tokens);
    // at least one token is left to the last second, whose length the remainder may shorten
    long seconds = (missing - 1) / bytesPerSecond;
    if (seconds >= Long.MAX_VALUE / Nanos.PER_SECOND) {
      return Long.MAX_VALUE;
    }
    long rest = nanosFor(missing - seconds * bytesPerSecond);
    long sum = seconds * Nanos.PER_SECOND + rest;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** Takes bytes, whether or not they may go; the caller asked before, or carries the debt. */
  public void take(long bytes, long nowNanos) {
    refill(nowNanos);
    tokens = saturatedDifference(tokens, requireBytes(bytes));
  }

  /** The most tokens it holds. */
  public long burstBytes() {
    return burstBytes;
  }

  private void refill(long nowNanos) {
    if (nowNanos <= refilledAtNanos) {
      return;
    }
    long elapsed = Nanos.between(refilledAtNanos, nowNanos);
    refilledAtNanos = nowNanos;
    if (tokens >= burstBytes) {
      return;
    }
    long room = saturatedDifference(burstBytes, tokens);
    long seconds = elapsed / Nanos.PER_SECOND;
    long nanos = elapsed % Nanos.PER_SECOND;
    // more whole seconds than fill the room fill it; this also keeps the products below from
    // wrapping
    if (seconds > room / bytesPerSecond) {
      fill();
      return;
    }
    long fraction = nanos * fractionPerNano + remainder;
    long added = seconds * bytesPerSecond + nanos * wholePerNano + fraction / Nanos.PER_SECOND;
    if (added < 0 || added >= room) {
      fill();
      return;
    }
    tokens += added;
    remainder = fraction % Nanos.PER_SECOND;
  }

  private void fill() {
    tokens = burstBytes;
    remainder = 0;
  }

  /**
   * Smallest n with n * rate + remainder at least {@code bytes} whole tokens; bytes at most rate.
   */
  private long nanosFor(long bytes) {
    if (bytes <= Long.MAX_VALUE / Nanos.PER_SECOND) {
      return Math.max(0, -Math.floorDiv(remainder - bytes * Nanos.PER_SECOND, bytesPerSecond));
    }
    // at most one second: search the nanosecond, because bytes * 10^9 does not fit a long
    long low = 0;
    long high = Nanos.PER_SECOND;
    while (low < high) {
      long middle = (low + high) >>> 1;
      long whole = middle * wholePerNano;
      long fraction = (middle * fractionPerNano + remainder) / Nanos.PER_SECOND;
      if (whole + fraction >= bytes) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static long saturatedDifference(long a, long b) {
    long difference = a - b;
    if (((a ^ b) & (a ^ difference)) < 0) {
      return a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return difference;
  }

  private static long requireBytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes is " + bytes + "; at least 0 is accepted");
    }
    return bytes;
  }

  private static long atLeastOne(long value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + "; at least 1 is accepted");
    }
    return value;
  }
}
