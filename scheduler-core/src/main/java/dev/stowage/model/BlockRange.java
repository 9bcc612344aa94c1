package dev.stowage.model;

import dev.stowage.columns.NoNulls;
import java.util.ArrayList;
import java.util.List;

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

  /** Returns the blocks of some ranges as the fewest ranges, ascending. */
  public static List<BlockRange> union(List<BlockRange> ranges) {
    List<BlockRange> sorted = new ArrayList<>(NoNulls.in(ranges, "ranges"));
    sorted.sort(null);
    List<BlockRange> union = new ArrayList<>();
    for (BlockRange range : sorted) {
      BlockRange last = union.isEmpty() ? null : union.get(union.size() - 1);
      if (last != null && (last.isFollowedBy(range) || last.overlaps(range))) {
        long end = Math.max(last.last(), range.last());
        union.set(union.size() - 1, new BlockRange(last.first(), end));
      } else {
        union.add(range);
      }
    }
    return union;
  }

  /**
   * Returns the blocks of some ranges that are in no other one, as the fewest ranges, ascending.
   */
  public static List<BlockRange> difference(List<BlockRange> ranges, List<BlockRange> others) {
    NoNulls.in(ranges, "ranges");
    List<BlockRange> taken = union(NoNulls.in(others, "others"));
    List<BlockRange> left = new ArrayList<>();
    int next = 0;
    for (BlockRange range : union(ranges)) {
      long from = range.first();
      while (next < taken.size() && taken.get(next).last() < from) {
        next++;
      }
      boolean isEnded = false;
      for (int at = next; at < taken.size() && taken.get(at).overlaps(range); at++) {
        if (taken.get(at).first() > from) {
          left.add(new BlockRange(from, taken.get(at).first() - 1));
        }
        isEnded = taken.get(at).last() >= range.last();
        from = isEnded ? from : taken.get(at).last() + 1;
        next = at;
      }
      if (!isEnded) {
        left.add(new BlockRange(from, range.last()));
      }
    }
    return left;
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
