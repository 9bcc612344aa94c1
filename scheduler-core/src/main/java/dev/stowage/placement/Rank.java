package dev.stowage.placement;

/** The fixed rank of a worker for a chunk, by their hashes: the lower the better. Stateless. */
final class Rank {
  private Rank() {}

  static long of(long chunkHash, long workerHash) {
    return Avalanche.of(chunkHash ^ workerHash);
  }

  static boolean isWorse(long chunkHash, long one, long other) {
    return Long.compareUnsigned(of(chunkHash, one), of(chunkHash, other)) > 0;
  }
}
