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
    return mix(fold(folded, key.id()));
  }

  /** The hash of a worker's id. */
  public static long of(WorkerId id) {
    return mix(fold(FNV_OFFSET, id.value()));
  }

  /** A bijective scrambler of 64 bits in which every input bit reaches every output bit. */
  static long mix(long value) {
    long z = (value ^ (value >>> 32)) * 0xd6e8feb86659fd93L;
    z = (z ^ (z >>> 32)) * 0xd6e8feb86659fd93L;
    return z ^ (z >>> 32);
  }

  private static long fold(long start, String text) {
    long hash = start;
    for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (unit & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
