package dev.stowage.rebalance.tables;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Eligibility;
import java.util.Objects;

/**
 * A chunk that this process decides about, with its size in bytes (at least 0), its floor (at least
 * 1) and workers by position, holders by ascending id; arrays are not copied.
 */
public record LedChunk(
    ChunkKey key,
    ChunkNumber number,
    long sizeBytes,
    int floor,
    Eligibility eligibility,
    int[] holders,
    int[] possessing,
    int[] others,
    int[] banned) {
  /** The most holders and the most others of a chunk. */
  public static final int MOST_WORKERS = 65_535;

  private static final int[] NOBODY = {};

  /** Throws {@code IllegalArgumentException} for a size below 0, a floor below 1 or bad workers. */
  public LedChunk {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(number, "number");
    Objects.requireNonNull(eligibility, "eligibility");
    Objects.requireNonNull(holders, "holders");
    Objects.requireNonNull(possessing, "possessing");
    Objects.requireNonNull(others, "others");
    Objects.requireNonNull(banned, "banned");
    if (sizeBytes < 0 || floor < 1) {
      throw new IllegalArgumentException(
          "size is "
              + sizeBytes
              + ", floor "
              + floor
              + "; at least 0 bytes and a floor of 1 are accepted");
    }
    requirePositions(holders);
    requirePositions(others);
    if (holders.length > MOST_WORKERS || others.length > MOST_WORKERS) {
      throw new IllegalArgumentException(
          key
              + " has "
              + holders.length
              + " holders and "
              + others.length
              + " others; at most "
              + MOST_WORKERS
              + " are accepted");
    }
  }

  private static void requirePositions(int[] workers) {
    for (int worker : workers) {
      if (worker < 0) {
        throw new IllegalArgumentException(
            "worker position is " + worker + "; at least 0 is accepted");
      }
    }
  }

  public static LedChunk of(ChunkKey key, ChunkNumber number, long sizeBytes, int... holders) {
    return new LedChunk(
        key, number, sizeBytes, 1, Eligibility.ANY, holders, holders, NOBODY, NOBODY);
  }
}
