package dev.stowage.columns;

import java.nio.charset.StandardCharsets;

/** FNV-1a, 64 bit: a fold over bytes. Part of the formats that use it: it never changes. */
public final class Fnv {
  /** Where every fold begins. */
  public static final long OFFSET = 0xcbf29ce484222325L;

  private static final long PRIME = 0x100000001b3L;

  private Fnv() {}

  /** Folds one more byte, the lowest of a number. */
  public static long foldByte(long hash, long unit) {
    return (hash ^ (unit & 0xff)) * PRIME;
  }

  /** Folds a long as eight bytes, the lowest first. */
  public static long fold(long start, long value) {
    long hash = start;
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      hash = foldByte(hash, value >>> shift);
    }
    return hash;
  }

  /** Folds the UTF-8 bytes of a text. */
  public static long fold(long start, String text) {
    long hash = start;
    for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
      hash = foldByte(hash, unit);
    }
    return hash;
  }
}
