package dev.stowage.columns;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A set of ints from 0 on pages; {@link IntSet} suits visits in the order of addition. */
public final class SparseBits {
  private static final int SHIFT = 10;
  private static final int WORDS = (1 << SHIFT) / Long.SIZE;
  private static final long[] @Nullable [] NONE = {};

  private long[] @Nullable [] pages = NONE;
  private int size;

  public SparseBits() {}

  public static SparseBits of(int... members) {
    SparseBits set = new SparseBits();
    for (int member : members) {
      set.add(member);
    }
    return set;
  }

  public boolean contains(int member) {
    int page = member >>> SHIFT;
    long[] words = page < pages.length ? pages[page] : null;
    return words != null && (words[word(member)] & bit(member)) != 0;
  }

  public void add(int member) {
    long[] words = page(member >>> SHIFT);
    if ((words[word(member)] & bit(member)) == 0) {
      words[word(member)] |= bit(member);
      size++;
    }
  }

  public void remove(int member) {
    if (contains(member)) {
      page(member >>> SHIFT)[word(member)] &= ~bit(member);
      size--;
    }
  }

  public int[] toArray() {
    int[] members = new int[size];
    int at = 0;
    for (int page = 0; page < pages.length; page++) {
      long[] words = pages[page];
      for (int word = 0; words != null && word < WORDS; word++) {
        for (long rest = words[word]; rest != 0; rest &= rest - 1) {
          members[at++] = (page << SHIFT) + word * Long.SIZE + Long.numberOfTrailingZeros(rest);
        }
      }
    }
    return members;
  }

  private long[] page(int page) {
    if (page >= pages.length) {
      pages = Arrays.copyOf(pages, Growth.capacity(pages.length + pages.length / 2, page + 1L));
    }
    long[] words = pages[page];
    if (words == null) {
      words = new long[WORDS];
      pages[page] = words;
    }
    return words;
  }

  private static int word(int member) {
    return member >>> 6 & (WORDS - 1);
  }

  private static long bit(int member) {
    return 1L << member;
  }
}
