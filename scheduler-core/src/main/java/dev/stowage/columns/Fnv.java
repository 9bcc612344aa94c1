package dev.stowage.columns;

import java.nio.charset.StandardCharsets;

/** FNV-1a, 64 bit, over bytes. Stored formats use it, so it must never change. */
public final class Fnv {
  /** The offset basis, with which a fold starts. */
  public static final long OFFSET = 0xcbf29ce484222325L;

  private static final long PRIME = 0x100000001b3L;

  private Fnv() {}

  /** Folds the lowest byte of {@code unit}. */
  public static long foldByte(long hash, long unit) {
    return (hash ^ (unit & 0xff)) * PRIME;
  }

  /** Folds a long as eight bytes, lowest byte first. */
  public static long fold(long start, long value) {
    long hash = start;
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      hash = foldByte(hash, value >>> shift);
    }
    return hash;
  }

  public static long fold(long start, String text) {
    long hash = start;
    for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
      hash = foldByte(hash, unit);
    }
    return hash;
  }
}
