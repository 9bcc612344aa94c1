package dev.stowage.evidence;

import java.util.Objects;

/** A place in a chain: the index of the record behind it, at least 0, and the hash there. */
public record ChainPoint(long index, Hash256 hash) {
  /** Throws {@code IllegalArgumentException} if {@code index} is negative. */
  public ChainPoint {
    Objects.requireNonNull(hash, "hash");
    if (index < 0) {
      throw new IllegalArgumentException("index is " + index + "; at least 0 is accepted");
    }
  }

  /** Returns the start of the chain of a header. */
  public static ChainPoint originOf(EvidenceHeader header) {
    return new ChainPoint(0, header.hash());
  }
}
