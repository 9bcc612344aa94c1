package dev.stowage.placement;

import dev.stowage.columns.Avalanche;
import dev.stowage.columns.Fnv;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;

/**
 * The fixed 64-bit hash of keys: FNV-1a over UTF-8 bytes, a zero byte after the dataset, then an
 * avalanche. Part of the format, so it never changes. Stateless and thread-safe.
 */
public final class KeyHash {
  private KeyHash() {}

  /** Returns the hash of a chunk's key. */
  public static long of(ChunkKey key) {
    long folded = Fnv.foldByte(Fnv.fold(Fnv.OFFSET, key.dataset().value()), 0);
    return Avalanche.of(Fnv.fold(folded, key.id()));
  }

  /** Returns the hash of a dataset, above 0. */
  public static long of(DatasetId dataset) {
    return Avalanche.of(Fnv.fold(Fnv.OFFSET, dataset.value())) >>> 1 | 1;
  }

  /** Returns the hash of a worker's id. */
  public static long of(WorkerId id) {
    return Avalanche.of(Fnv.fold(Fnv.OFFSET, id.value()));
  }
}
