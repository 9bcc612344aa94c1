package dev.stowage.rebalance;

/** FNV-1a over longs, 64 bit, each as eight bytes, the lowest first. */
final class Fnv {
  /** Where every fold begins. */
  static final long OFFSET = 0xcbf29ce484222325L;

  private static final long PRIME = 0x100000001b3L;

  private Fnv() {}

  static long fold(long start, long value) {
    long hash = start;
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      hash = (hash ^ ((value >>> shift) & 0xff)) * PRIME;
    }
    return hash;
  }
}
