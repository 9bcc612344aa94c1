package dev.stowage.columns;

/**
 * A token bucket of bytes, refilled at a steady rate up to a burst, in exact integers independent
 * of the number of calls. Time that goes backwards changes nothing. More than the burst may be
 * taken from a full bucket; the tokens then fall below zero. Not thread-safe.
 */
public final class TokenBucket {
  private final long bytesPerSecond;
  private final long burstBytes;
  private final long wholePerNano;
  private final long fractionPerNano;
  private long tokens;
  private long remainder;
  private long refilledAtNanos;

  /** Creates a full bucket; rate and burst below 1 throw {@link IllegalArgumentException}. */
  public TokenBucket(long bytesPerSecond, long burstBytes, long nowNanos) {
    this.bytesPerSecond = atLeastOne(bytesPerSecond, "bytesPerSecond");
    this.burstBytes = atLeastOne(burstBytes, "burstBytes");
    this.wholePerNano = bytesPerSecond / Nanos.PER_SECOND;
    this.fractionPerNano = bytesPerSecond % Nanos.PER_SECOND;
    this.tokens = burstBytes;
    this.refilledAtNanos = nowNanos;
  }

  /** Returns the tokens at {@code nowNanos}, at most the burst; below zero for a debt. */
  public long tokens(long nowNanos) {
    refill(nowNanos);
    return tokens;
  }

  /** Reports whether {@code bytes} may be sent at {@code nowNanos}. */
  public boolean allows(long bytes, long nowNanos) {
    return missing(bytes, nowNanos) == 0;
  }

  /** Returns the tokens missing to send {@code bytes}; 0 if none is. */
  public long missing(long bytes, long nowNanos) {
    refill(nowNanos);
    long needed = Math.min(requireBytes(bytes), burstBytes);
    return needed <= tokens ? 0 : saturatedDifference(needed, tokens);
  }

  /** Returns the least nanoseconds until {@code bytes} may be sent if nothing else is taken. */
  public long nanosUntil(long bytes, long nowNanos) {
    return nanosUntilTokens(Math.min(requireBytes(bytes), burstBytes), nowNanos);
  }

  /** Returns the nanoseconds until {@code level} tokens, at most the burst, are held. */
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
    // At least one token remains for the last second, which the remainder may shorten.
    long seconds = (missing - 1) / bytesPerSecond;
    if (seconds >= Long.MAX_VALUE / Nanos.PER_SECOND) {
      return Long.MAX_VALUE;
    }
    long rest = nanosFor(missing - seconds * bytesPerSecond);
    long sum = seconds * Nanos.PER_SECOND + rest;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** Takes {@code bytes} whether allowed or not; the tokens may fall below zero. */
  public void take(long bytes, long nowNanos) {
    refill(nowNanos);
    tokens = saturatedDifference(tokens, requireBytes(bytes));
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
    // Full seconds beyond the room fill it; the products below cannot overflow otherwise.
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

  /** Returns the least n for which n * rate + remainder reaches {@code bytes}, at most the rate. */
  private long nanosFor(long bytes) {
    if (bytes <= Long.MAX_VALUE / Nanos.PER_SECOND) {
      return Math.max(0, -Math.floorDiv(remainder - bytes * Nanos.PER_SECOND, bytesPerSecond));
    }
    // At most one second: search, because bytes * 10^9 overflows a long.
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
