package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.state.RowHash;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.placement.KeyHash;

/**
 * One chunk that a worker must hold.
 *
 * @param key the chunk
 * @param number its number, by which disks know it
 * @param sizeBytes its size
 * @param since the worker assignment in which the pair first appeared
 */
public record SliceEntry(ChunkKey key, ChunkNumber number, long sizeBytes, long since) {
  /**
   * What this entry adds to the checksum of its slice, which is the sum over all entries, modulo
   * 2^64. It is part of what stores keep, and never changes.
   *
   * @param lineage the place of the number's lineage among those of the fleet, counted from 0
   */
  public long checksum(int lineage) {
    return RowHash.ofEntry(KeyHash.of(key), lineage, number.counter(), sizeBytes, since);
  }
}
