package dev.stowage.model;

/**
 * An inclusive range of blocks. All of 0 to {@link Long#MAX_VALUE} is legal, so that the number of
 * blocks reaches 2^63 and is an unsigned long.
 *
 * @param first the first block, at least 0
 * @param last the last block, at least {@code first}
 */
public record BlockRange(long first, long last) implements Comparable<BlockRange> {
  /** Refuses a negative or an empty range with {@link IllegalArgumentException}. */
  public BlockRange {
    Names.atLeast(first, 0, "first block");
    if (last < first) {
      throw new IllegalArgumentException(
          "last block is " + last + ", below the first block " + first);
    }
  }

  /** The range from {@code first} to {@code last}, both included. */
  public static BlockRange of(long first, long last) {
    return new BlockRange(first, last);
  }

  /** The number of blocks, 1 to 2^63, as an unsigned long. */
  public long blockCountUnsigned() {
    return last - first + 1;
  }

  /** Whether {@code block} lies in the range. */
  public boolean contains(long block) {
    return first <= block && block <= last;
  }

  /** Whether the two ranges share a block. */
  public boolean overlaps(BlockRange other) {
    return first <= other.last && other.first <= last;
  }

  /** Whether {@code other} begins right after this range ends. */
  public boolean isFollowedBy(BlockRange other) {
    return last != Long.MAX_VALUE && last + 1 == other.first;
  }

  @Override
  public int compareTo(BlockRange other) {
    int byFirst = Long.compare(first, other.first);
    return byFirst != 0 ? byFirst : Long.compare(last, other.last);
  }

  /** The range as {@code first-last}. */
  @Override
  public String toString() {
    return first + "-" + last;
  }
}
