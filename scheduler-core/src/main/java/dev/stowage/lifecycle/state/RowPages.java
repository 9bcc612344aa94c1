package dev.stowage.lifecycle.state;

import java.util.Arrays;

/**
 * Rows of eight ints, in pages: a table that grows copies nothing, and all of a row lies in one or
 * two lines of the cache. A long takes two neighbouring columns. The first page starts small,
 * because most fleets of a test bench never fill it.
 */
final class RowPages {
  private static final int WIDTH_SHIFT = 3;
  private static final int PAGE_SHIFT = 10;
  private static final int ROWS = 1 << PAGE_SHIFT;
  private static final int MASK = ROWS - 1;
  private static final int MOST_ROWS = Integer.MAX_VALUE & ~MASK;
  private static final int FIRST_ROWS = 16;

  private int[][] pages;
  private int capacity;

  RowPages() {
    pages = new int[][] {new int[FIRST_ROWS << WIDTH_SHIFT]};
    capacity = FIRST_ROWS;
  }

  private RowPages(RowPages from) {
    pages = new int[from.pages.length][];
    for (int page = 0; page < pages.length && from.pages[page] != null; page++) {
      pages[page] = from.pages[page].clone();
    }
    capacity = from.capacity;
  }

  /** How many rows there is room for. */
  int capacity() {
    return capacity;
  }

  /**
   * Makes room for rows up to this one, which is zero at first.
   *
   * @throws IllegalStateException if it is more than an int can count in whole pages
   */
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
    pages[row >>> PAGE_SHIFT][((row & MASK) << WIDTH_SHIFT) + column] = value;
  }

  long readLong(int row, int column) {
    int[] page = pages[row >>> PAGE_SHIFT];
    int at = ((row & MASK) << WIDTH_SHIFT) + column;
    return ((long) page[at + 1] << Integer.SIZE) | (page[at] & 0xffffffffL);
  }

  void writeLong(int row, int column, long value) {
    int[] page = pages[row >>> PAGE_SHIFT];
    int at = ((row & MASK) << WIDTH_SHIFT) + column;
    page[at] = (int) value;
    page[at + 1] = (int) (value >>> Integer.SIZE);
  }

  RowPages copy() {
    return new RowPages(this);
  }

  private void grow() {
    if (capacity < ROWS) {
      capacity *= 2;
      pages[0] = Arrays.copyOf(pages[0], capacity << WIDTH_SHIFT);
      return;
    }
    int page = capacity >>> PAGE_SHIFT;
    if (page == pages.length) {
      pages = Arrays.copyOf(pages, page * 2);
    }
    pages[page] = new int[ROWS << WIDTH_SHIFT];
    capacity += ROWS;
  }
}
