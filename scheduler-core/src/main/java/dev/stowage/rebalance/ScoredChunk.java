package dev.stowage.rebalance;

import dev.stowage.model.ChunkKey;
import java.util.Objects;

/**
 * A chunk as a scorer sees it.
 *
 * @param key its dataset and id
 * @param sizeBytes its size, at least 0
 */
public record ScoredChunk(ChunkKey key, long sizeBytes) {
  /** Refuses null and a negative size. */
  public ScoredChunk {
    Objects.requireNonNull(key, "key");
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("size is " + sizeBytes + "; at least 0 is accepted");
    }
  }
}
