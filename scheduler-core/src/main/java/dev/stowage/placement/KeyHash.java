package dev.stowage.placement;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.nio.charset.StandardCharsets;

/**
 * The fixed 64-bit hash of keys: an FNV-1a fold over UTF-8 bytes, finished by a full avalanche,
 * with one zero byte between dataset and chunk id (no name holds a control character, so no two
 * keys fold the same bytes). It is part of the format: it never changes. Stateless and thread-safe.
 */
public final class KeyHash {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private KeyHash() {}

  /** The hash of a chunk's key. */
  public static long of(ChunkKey key) {
    long folded = fold(FNV_OFFSET, key.dataset().value()) * FNV_PRIME;
    return Avalanche.of(fold(folded, key.id()));
  }

  /** The hash of a worker's id. */
  public static long of(WorkerId id) {
    return Avalanche.of(fold(FNV_OFFSET, id.value()));
  }

  private static long fold(long start, String text) {
    long hash = start;
    for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (unit & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
