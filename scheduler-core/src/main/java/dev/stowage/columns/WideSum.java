package dev.stowage.columns;

import java.math.BigInteger;

/** A sum of longs that cannot overflow: 128 bits in two words. Not thread-safe. */
public final class WideSum {
  private long high;
  private long low;

  /** Returns the sum of these upper and lower 64 bits. */
  public static WideSum of(long high, long low) {
    WideSum sum = new WideSum();
    sum.high = high;
    sum.low = low;
    return sum;
  }

  public long high() {
    return high;
  }

  public long low() {
    return low;
  }

  public void clear() {
    high = 0;
    low = 0;
  }

  /** Adds a number of at least 0. */
  public void add(long value) {
    low += value;
    if (Long.compareUnsigned(low, value) < 0) {
      high++;
    }
  }

  /** Adds a range of numbers of at least 0. */
  public void addAll(long[] values, int from, int to) {
    long sum = low;
    int carries = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
      carries += Long.compareUnsigned(sum, values[i]) < 0 ? 1 : 0;
    }
    low = sum;
    high += carries;
  }

  /** Subtracts a number of at least 0. */
  public void subtract(long value) {
    if (Long.compareUnsigned(low, value) < 0) {
      high--;
    }
    low -= value;
  }

  public void addAny(long value) {
    low += value;
    high += value >> 63;
    if (Long.compareUnsigned(low, value) < 0) {
      high++;
    }
  }

  /** Adds {@code factor * value}, both at least 0. */
  public void addProduct(long value, long factor) {
    high += Math.multiplyHigh(value, factor);
    long product = value * factor;
    low += product;
    if (Long.compareUnsigned(low, product) < 0) {
      high++;
    }
  }

  /** Subtracts {@code factor * value}, both at least 0. */
  public void subtractProduct(long value, long factor) {
    high -= Math.multiplyHigh(value, factor);
    long product = value * factor;
    if (Long.compareUnsigned(low, product) < 0) {
      high--;
    }
    low -= product;
  }

  public void add(WideSum other) {
    high += other.high;
    low += other.low;
    if (Long.compareUnsigned(low, other.low) < 0) {
      high++;
    }
  }

  /** Adds {@code factor * value}, with a value of at least 0 and a factor of either sign. */
  public void addSigned(long value, long factor) {
    if (factor >= 0) {
      addProduct(value, factor);
    } else {
      subtractProduct(value, -factor);
    }
  }

  public static WideSum[] zeros(int count) {
    WideSum[] sums = new WideSum[count];
    for (int i = 0; i < count; i++) {
      sums[i] = new WideSum();
    }
    return sums;
  }

  /** Returns a copy. */
  public WideSum copy() {
    return of(high, low);
  }

  public BigInteger value() {
    BigInteger unsignedLow = BigInteger.valueOf(low & Long.MAX_VALUE);
    if (low < 0) {
      unsignedLow = unsignedLow.setBit(63);
    }
    return BigInteger.valueOf(high).shiftLeft(64).add(unsignedLow);
  }

  /** Subtracts another sum. */
  public void subtract(WideSum other) {
    if (Long.compareUnsigned(low, other.low) < 0) {
      high--;
    }
    low -= other.low;
    high -= other.high;
  }

  /** Reports whether the sum is greater than a number of at least 0. */
  public boolean isAbove(long limit) {
    return high > 0 || (high == 0 && Long.compareUnsigned(low, limit) > 0);
  }

  public boolean isNegative() {
    return high < 0;
  }

  public boolean isZero() {
    return high == 0 && low == 0;
  }

  public double approximate() {
    return high * 0x1p64 + (low >>> 1) * 2.0 + (low & 1);
  }

  public boolean isLong() {
    return high == low >> 63;
  }

  /** Returns the sum in decimal digits. */
  @Override
  public String toString() {
    return value().toString();
  }

  /** Returns the nearest long. */
  public long saturated() {
    if (high == 0 && low >= 0) {
      return low;
    }
    return high < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }
}
