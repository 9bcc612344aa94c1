package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;

/**
 * One chunk that a worker must hold.
 *
 * @param key the chunk
 * @param number its number, by which disks know it
 * @param sizeBytes its size
 * @param since the worker assignment in which the pair first appeared
 */
public record SliceEntry(ChunkKey key, ChunkNumber number, long sizeBytes, long since) {}
