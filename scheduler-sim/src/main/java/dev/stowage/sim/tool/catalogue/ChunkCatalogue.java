package dev.stowage.sim.tool.catalogue;

import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

  /** Returns one of {@code each} chunks, the first one included, with their corrections. */
  public ChunkCatalogue thinned(int each) {
    List<Chunk> kept = new ArrayList<>();
    Set<ChunkKey> keys = new HashSet<>();
    for (int at = 0; at < chunks.size(); at += each) {
      kept.add(chunks.get(at));
      keys.add(chunks.get(at).key());
    }
    List<Correction> corrected = new ArrayList<>();
    for (Correction correction : corrections) {
      if (keys.contains(correction.replaced())) {
        keys.add(correction.replacement().key());
        corrected.add(correction);
      }
    }
    return new ChunkCatalogue(kept, corrected);
  }
}
