package dev.stowage.placement.fleet;

import dev.stowage.columns.Avalanche;

/** The fixed rank of a worker for a chunk, by their hashes; lower is better. Stateless. */
public final class Rank {
  private Rank() {}

  public static long of(long chunkHash, long workerHash) {
    return Avalanche.of(chunkHash ^ workerHash);
  }

  public static boolean isWorse(long chunkHash, long one, long other) {
    return Long.compareUnsigned(of(chunkHash, one), of(chunkHash, other)) > 0;
  }
}
