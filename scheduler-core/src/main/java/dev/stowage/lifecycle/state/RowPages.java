package dev.stowage.lifecycle.state;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Rows of eight ints in pages shared by copies until a write. The writing thread copies; any thread
 * may read a copy. A long takes two columns.
 */
final class RowPages {
  private static final int WIDTH_SHIFT = 3;
  private static final int PAGE_SHIFT = 10;
  private static final int ROWS = 1 << PAGE_SHIFT;
  private static final int MASK = ROWS - 1;
  private static final int MOST_ROWS = Integer.MAX_VALUE & ~MASK;
  private static final int FIRST_ROWS = 16;
  private static final int[] NO_ROWS = {};
  private static final int[] ZERO = new int[1 << WIDTH_SHIFT];

  private int[][] pages;

  /** Pages that no copy reads. */
  private boolean[] isOwn;

  private int capacity;

  RowPages() {
    pages = new int[][] {new int[FIRST_ROWS << WIDTH_SHIFT]};
    isOwn = new boolean[] {true};
    capacity = FIRST_ROWS;
  }

  private RowPages(RowPages from) {
    pages = from.pages.clone();
    isOwn = new boolean[pages.length];
    Arrays.fill(from.isOwn, false);
    capacity = from.capacity;
  }

  int capacity() {
    return capacity;
  }

  /** Throws {@code IllegalStateException} for a row beyond the limit of whole pages. */
  void reserve(int row) {
    if (row >= MOST_ROWS) {
      throw new IllegalStateException("row " + row + "; a table has room for " + MOST_ROWS);
    }
    while (row >= capacity) {
      grow();
    }
  }

  int read(int row, int column) {
    return pages[row >>> PAGE_SHIFT][((row & MASK) << WIDTH_SHIFT) + column];
  }

  void write(int row, int column, int value) {
    own(row >>> PAGE_SHIFT)[((row & MASK) << WIDTH_SHIFT) + column] = value;
  }

  long readLong(int row, int column) {
    int[] page = pages[row >>> PAGE_SHIFT];
    int at = ((row & MASK) << WIDTH_SHIFT) + column;
    return ((long) page[at + 1] << Integer.SIZE) | (page[at] & 0xffffffffL);
  }

  void writeLong(int row, int column, long value) {
    int[] page = own(row >>> PAGE_SHIFT);
    int at = ((row & MASK) << WIDTH_SHIFT) + column;
    page[at] = (int) value;
    page[at + 1] = (int) (value >>> Integer.SIZE);
  }

  RowPages copy() {
    return new RowPages(this);
  }

  /** Treats rows that only one of the two has as zero in the other. */
  void forEachChanged(RowPages other, IntConsumer visitor) {
    int most = Math.max(pages.length, other.pages.length);
    for (int page = 0; page < most; page++) {
      int[] mine = page < pages.length ? pages[page] : null;
      int[] theirs = page < other.pages.length ? other.pages[page] : null;
      if (mine != theirs) {
        changed(page, mine == null ? NO_ROWS : mine, theirs == null ? NO_ROWS : theirs, visitor);
      }
    }
  }

  private static void changed(int page, int[] mine, int[] theirs, IntConsumer visitor) {
    int common = Math.min(mine.length, theirs.length);
    int at = 0;
    while (at < common) {
      int next = Arrays.mismatch(mine, at, common, theirs, at, common);
      if (next < 0) {
        break;
      }
      int row = (at + next) >>> WIDTH_SHIFT;
      visitor.accept((page << PAGE_SHIFT) + row);
      at = (row + 1) << WIDTH_SHIFT;
    }
    int[] longer = mine.length > common ? mine : theirs;
    for (int row = common >>> WIDTH_SHIFT; row < longer.length >>> WIDTH_SHIFT; row++) {
      int from = row << WIDTH_SHIFT;
      if (Arrays.mismatch(longer, from, from + ZERO.length, ZERO, 0, ZERO.length) >= 0) {
        visitor.accept((page << PAGE_SHIFT) + row);
      }
    }
  }

  private int[] own(int page) {
    if (!isOwn[page]) {
      pages[page] = pages[page].clone();
      isOwn[page] = true;
    }
    return pages[page];
  }

  private void grow() {
    if (capacity < ROWS) {
      capacity *= 2;
      pages[0] = Arrays.copyOf(pages[0], capacity << WIDTH_SHIFT);
      isOwn[0] = true;
      return;
    }
    int page = capacity >>> PAGE_SHIFT;
    if (page == pages.length) {
      pages = Arrays.copyOf(pages, page * 2);
      isOwn = Arrays.copyOf(isOwn, page * 2);
    }
    pages[page] = new int[ROWS << WIDTH_SHIFT];
    isOwn[page] = true;
    capacity += ROWS;
  }
}
