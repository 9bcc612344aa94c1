package dev.stowage.lifecycle.state;

import dev.stowage.columns.Mix;

/**
 * Folds the 64-bit hashes of rows that are kept in columns; the state digest is the sum over all
 * rows, so that it can be kept incrementally. Rows are hashed by what they mean (keys, not
 * positions), so that two backends that number rows differently agree. Lineage tokens and marks are
 * not hashed.
 */
public final class RowHash {
  private RowHash() {}

  /** Folds one more value; the order of folding matters. */
  public static long fold(long hash, long value) {
    return Mix.mix(hash ^ (value * 0xff51afd7ed558ccdL)) + hash * 31;
  }

  /**
   * What one replica adds to the checksum of its worker's slice: everything that the slice says of
   * it. Of the number's lineage it is the place among those of the fleet that counts, as in the
   * digest.
   */
  public static long ofEntry(long key, int lineage, long counter, long sizeBytes, long since) {
    return fold(fold(fold(fold(Mix.mix(key), lineage), counter), sizeBytes), since);
  }
}
