package dev.stowage.evidence;

import java.util.Objects;

/**
 * A place between two records of a chain: how many records come before it, and the chain's hash
 * there. The point behind the last record is the chain's head.
 *
 * @param index records before this point, which is the index of the record behind it; at least 0
 * @param hash the chain's hash at this point
 */
public record ChainPoint(long index, Hash256 hash) {
  /** Refuses a negative index with {@link IllegalArgumentException}. */
  public ChainPoint {
    Objects.requireNonNull(hash, "hash");
    if (index < 0) {
      throw new IllegalArgumentException("index is " + index + "; at least 0 is accepted");
    }
  }

  /** Where the chain of this header begins. */
  public static ChainPoint originOf(EvidenceHeader header) {
    return new ChainPoint(0, header.hash());
  }
}
