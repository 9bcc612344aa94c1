package dev.stowage.placement;

import dev.stowage.config.WeightPolicy;
import java.util.List;

/** What a planner reads of a chunk beside key, size, flags and replicas, in columns of numbers. */
public enum ChunkColumn {
  /** The chunk's claim on bonus replicas, at least 1. */
  WEIGHT("weight", 1, Integer.MAX_VALUE),
  /** The mandatory replicas, at least 1. */
  FLOOR("floor", 1, Integer.MAX_VALUE),
  /**
   * The most replicas that weight can earn, 0 to {@link WeightPolicy#UNCAPPED}; a cap below the
   * floor counts as the floor.
   */
  CAP("cap", 0, Integer.MAX_VALUE),
  /** The pool by its number of the planner or builder; 0 is {@link PoolKey#ANY}. */
  POOL("pool", 0, Integer.MAX_VALUE),
  /** The tick of admission, at least 0. */
  ADMITTED("tick of admission", 0, Long.MAX_VALUE),
  /** The replicas lost too recently to grow them again, at least 0. */
  RECENTLY_LOST("recently lost replicas", 0, Integer.MAX_VALUE),
  /**
   * The {@link KeyHash} of the dataset, read of new chunks only; 0 if {@code new_share} is not to
   * bound it.
   */
  DATASET("dataset", 0, Long.MAX_VALUE);

  /** All columns. */
  public static final List<ChunkColumn> ALL = List.of(values());

  private final String words;
  private final long least;
  private final long most;

  ChunkColumn(String words, long least, long most) {
    this.words = words;
    this.least = least;
    this.most = most;
  }

  /** Returns the least value, which a chunk has unless another one is set. */
  public long least() {
    return least;
  }

  long checked(long value) {
    Bound.atLeast(value, least, words);
    if (value > most) {
      throw new IllegalArgumentException(
          words + " is " + value + "; at most " + most + " is accepted");
    }
    return value;
  }
}
