package dev.stowage.placement.fleet;

/** Exact comparison of fractions of capacities. Stateless. */
public final class Fill {
  private Fill() {}

  /** Compares {@code bytes / capacity}; bytes may be negative, and capacity 0 counts as 1. */
  public static int compare(long bytes, long capacity, long otherBytes, long otherCapacity) {
    long mine = Math.max(1, capacity);
    long other = Math.max(1, otherCapacity);
    if (mine == other) {
      return Long.compare(bytes, otherBytes);
    }
    long high = Math.multiplyHigh(bytes, other);
    long otherHigh = Math.multiplyHigh(otherBytes, mine);
    return high != otherHigh
        ? Long.compare(high, otherHigh)
        : Long.compareUnsigned(bytes * other, otherBytes * mine);
  }

  /** Returns {@code part * bytes / whole} of positive numbers, rounded down and saturated. */
  public static long scaled(long bytes, long part, long whole) {
    if (Math.multiplyHigh(bytes, part) == 0 && bytes * part >= 0) {
      return bytes * part / whole;
    }
    double estimate = (double) bytes * part / whole;
    if ((estimate * 0x1p-50 + 2) * whole < 0x1p62) {
      long guess = (long) estimate;
      return guess + Math.floorDiv(bytes * part - guess * whole, whole);
    }
    java.math.BigInteger product =
        java.math.BigInteger.valueOf(bytes).multiply(java.math.BigInteger.valueOf(part));
    java.math.BigInteger share = product.divide(java.math.BigInteger.valueOf(whole));
    return share.bitLength() > 63 ? Long.MAX_VALUE : share.longValue();
  }
}
