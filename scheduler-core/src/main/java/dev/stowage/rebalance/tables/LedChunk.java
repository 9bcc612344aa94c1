package dev.stowage.rebalance.tables;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Eligibility;
import java.util.Objects;

/**
 * A chunk that this process decides about, with workers by position. Arrays are not copied.
 *
 * @param sizeBytes its size, at least 0
 * @param floor replicas that it must have, at least 1
 * @param holders wanted holders, by ascending worker id
 * @param possessing holders that have proved to have the bytes
 * @param others workers with a draining replica
 * @param banned workers that may never hold it
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

  /** Throws for nulls, a negative size, a floor below 1, or too many or negative workers. */
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
