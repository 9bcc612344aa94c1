package dev.stowage.sim.tool.catalogue;

import dev.stowage.model.Chunk;
import java.util.List;

/**
 * Chunks without overlap within a dataset, and the corrections that apply to them in order.
 *
 * @param chunks in the order of their file
 * @param corrections in the order in which they are to be registered; chains refer backwards
 */
public record ChunkCatalogue(List<Chunk> chunks, List<Correction> corrections) {
  /** Keeps copies. */
  public ChunkCatalogue {
    chunks = List.copyOf(chunks);
    corrections = List.copyOf(corrections);
  }

  /** Returns the bytes of one replica of every chunk, without corrections. */
  public long totalBytes() {
    return chunks.stream().mapToLong(Chunk::sizeBytes).sum();
  }
}
