package dev.stowage.sim.tool.catalogue;

import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;

/**
 * One old chunk replaced by one new chunk of the same dataset and block range.
 *
 * @param replaced the key of the old side
 * @param replacement the new side, with the weight of the old one
 */
public record Correction(ChunkKey replaced, Chunk replacement) {}
