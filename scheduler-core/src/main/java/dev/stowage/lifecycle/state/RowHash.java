package dev.stowage.lifecycle.state;

import dev.stowage.columns.Mix;

/**
 * Hashes rows by keys, not positions, so that backends with other numbering agree. The digest is
 * their sum. Lineage tokens and marks are not hashed.
 */
public final class RowHash {
  private RowHash() {}

  public static long fold(long hash, long value) {
    return Mix.mix(hash ^ (value * 0xff51afd7ed558ccdL)) + hash * 31;
  }

  /** Returns the summand of a replica in the checksum of its slice. */
  public static long ofEntry(long key, int lineage, long counter, long sizeBytes, long since) {
    return fold(fold(fold(fold(Mix.mix(key), lineage), counter), sizeBytes), since);
  }
}
