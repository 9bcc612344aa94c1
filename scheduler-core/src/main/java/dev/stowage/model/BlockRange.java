package dev.stowage.model;

/** The blocks {@code first} to {@code last}, inclusive: 0 to {@link Long#MAX_VALUE}. */
public record BlockRange(long first, long last) implements Comparable<BlockRange> {
  /** Throws {@link IllegalArgumentException} for a negative or an empty range. */
  public BlockRange {
    Names.atLeast(first, 0, "first block");
    if (last < first) {
      throw new IllegalArgumentException(
          "last block is " + last + ", below the first block " + first);
    }
  }

  /** Returns the range from {@code first} to {@code last}, both included. */
  public static BlockRange of(long first, long last) {
    return new BlockRange(first, last);
  }

  /** Returns the number of blocks, 1 to 2^63, as an unsigned long. */
  public long blockCountUnsigned() {
    return last - first + 1;
  }

  /** Reports whether {@code block} lies in the range. */
  public boolean contains(long block) {
    return first <= block && block <= last;
  }

  /** Reports whether the two ranges share a block. */
  public boolean overlaps(BlockRange other) {
    return first <= other.last && other.first <= last;
  }

  /** Reports whether {@code other} begins right after this range ends. */
  public boolean isFollowedBy(BlockRange other) {
    return last != Long.MAX_VALUE && last + 1 == other.first;
  }

  @Override
  public int compareTo(BlockRange other) {
    int byFirst = Long.compare(first, other.first);
    return byFirst != 0 ? byFirst : Long.compare(last, other.last);
  }

  /** Returns the range as {@code first-last}. */
  @Override
  public String toString() {
    return first + "-" + last;
  }
}
