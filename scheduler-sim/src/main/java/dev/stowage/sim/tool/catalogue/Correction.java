package dev.stowage.sim.tool.catalogue;

import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import java.util.Objects;

/**
 * One old chunk replaced by one new chunk of the same dataset and block range.
 *
 * @param replaced the key of the old side
 * @param replacement the new side, with the weight of the old one
 */
public record Correction(ChunkKey replaced, Chunk replacement) {
  /** Refuses null with {@link NullPointerException}. */
  public Correction {
    Objects.requireNonNull(replaced, "replaced");
    Objects.requireNonNull(replacement, "replacement");
  }
}
