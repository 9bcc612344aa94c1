package dev.stowage.placement;

import dev.stowage.columns.Avalanche;
import dev.stowage.columns.Fnv;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;

/**
 * The fixed 64-bit hash of keys: an FNV-1a fold over UTF-8 bytes, finished by a full avalanche,
 * with one zero byte between dataset and chunk id (no name holds a control character, so no two
 * keys fold the same bytes). It is part of the format: it never changes. Stateless and thread-safe.
 */
public final class KeyHash {
  private KeyHash() {}

  /** The hash of a chunk's key. */
  public static long of(ChunkKey key) {
    long folded = Fnv.foldByte(Fnv.fold(Fnv.OFFSET, key.dataset().value()), 0);
    return Avalanche.of(Fnv.fold(folded, key.id()));
  }

  /** The hash of a worker's id. */
  public static long of(WorkerId id) {
    return Avalanche.of(Fnv.fold(Fnv.OFFSET, id.value()));
  }
}
