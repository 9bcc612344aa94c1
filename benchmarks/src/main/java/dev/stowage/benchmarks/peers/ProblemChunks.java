package dev.stowage.benchmarks.peers;

import dev.stowage.model.ChunkKey;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * The chunks of a problem, in canonical order.
 *
 * @param bytes size of each chunk
 * @param weight weight of each chunk
 * @param key key of each chunk, made anew at each call, so that a planner pays for what it keeps
 */
public record ProblemChunks(long[] bytes, int[] weight, IntFunction<ChunkKey> key) {
  public int count() {
    return bytes.length;
  }

  /** Returns the id of a chunk, without its dataset. */
  public String id(int chunk) {
    return key.apply(chunk).id();
  }

  /** Returns the first chunks. */
  public ProblemChunks first(int count) {
    return new ProblemChunks(Arrays.copyOf(bytes, count), Arrays.copyOf(weight, count), key);
  }
}
