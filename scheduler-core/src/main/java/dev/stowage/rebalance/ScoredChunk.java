package dev.stowage.rebalance;

import dev.stowage.model.ChunkKey;
import java.util.Objects;

/** A chunk for a scorer; its size is in bytes, at least 0. */
public record ScoredChunk(ChunkKey key, long sizeBytes) {
  /** Throws {@code IllegalArgumentException} for a negative size. */
  public ScoredChunk {
    Objects.requireNonNull(key, "key");
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("size is " + sizeBytes + "; at least 0 is accepted");
    }
  }
}
