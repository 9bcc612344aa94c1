package dev.stowage.lifecycle.state;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Rows of ints in pages of {@value #ROWS}, shared by copies until a write. The writing thread
 * copies; any thread may read or fork a copy, which is not written. A long takes two columns.
 */
final class RowPages {
  private static final int PAGE_SHIFT = 8;
  private static final int ROWS = 1 << PAGE_SHIFT;
  private static final int MASK = ROWS - 1;
  private static final int MOST_ROWS = Integer.MAX_VALUE & ~MASK;
  private static final int FIRST_ROWS = 16;
  private static final int[] NO_ROWS = {};
  private static final boolean[] NOTHING = {};

  private final int width;
  private int[][] pages;

  /** Pages that no copy reads. */
  private boolean[] isOwn;

  private int capacity;

  /** The last copy, until a page that it reads is written. */
  private @Nullable RowPages copied;

  /** Creates rows of {@code width} ints. */
  RowPages(int width) {
    this.width = width;
    pages = new int[][] {new int[FIRST_ROWS * width]};
    isOwn = new boolean[] {true};
    capacity = FIRST_ROWS;
  }

  private RowPages(RowPages from, boolean[] isOwn) {
    width = from.width;
    pages = from.pages.clone();
    this.isOwn = isOwn;
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
    return pages[row >>> PAGE_SHIFT][(row & MASK) * width + column];
  }

  void write(int row, int column, int value) {
    own(row >>> PAGE_SHIFT)[(row & MASK) * width + column] = value;
  }

  long readLong(int row, int column) {
    int[] page = pages[row >>> PAGE_SHIFT];
    int at = (row & MASK) * width + column;
    return ((long) page[at + 1] << Integer.SIZE) | (page[at] & 0xffffffffL);
  }

  void writeLong(int row, int column, long value) {
    int[] page = own(row >>> PAGE_SHIFT);
    int at = (row & MASK) * width + column;
    page[at] = (int) value;
    page[at + 1] = (int) (value >>> Integer.SIZE);
  }

  /** Returns a copy for reading: the former one if nothing was written since. */
  RowPages copy() {
    RowPages known = copied;
    if (known == null) {
      Arrays.fill(isOwn, false);
      known = new RowPages(this, NOTHING);
      known.copied = known;
      copied = known;
    }
    return known;
  }

  /** Returns rows to write that share all pages with this copy. */
  RowPages fork() {
    return new RowPages(this, new boolean[pages.length]);
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

  private void changed(int page, int[] mine, int[] theirs, IntConsumer visitor) {
    int common = Math.min(mine.length, theirs.length);
    int at = 0;
    while (at < common) {
      int next = Arrays.mismatch(mine, at, common, theirs, at, common);
      if (next < 0) {
        break;
      }
      int row = (at + next) / width;
      visitor.accept((page << PAGE_SHIFT) + row);
      at = (row + 1) * width;
    }
    int[] longer = mine.length > common ? mine : theirs;
    for (int row = common / width; row < longer.length / width; row++) {
      int from = row * width;
      if (!isZero(longer, from)) {
        visitor.accept((page << PAGE_SHIFT) + row);
      }
    }
  }

  private boolean isZero(int[] page, int from) {
    int bits = 0;
    for (int at = from; at < from + width; at++) {
      bits |= page[at];
    }
    return bits == 0;
  }

  private int[] own(int page) {
    if (!isOwn[page]) {
      pages[page] = pages[page].clone();
      isOwn[page] = true;
      copied = null;
    }
    return pages[page];
  }

  private void grow() {
    copied = null;
    if (capacity < ROWS) {
      capacity *= 2;
      pages[0] = Arrays.copyOf(pages[0], capacity * width);
      isOwn[0] = true;
      return;
    }
    int page = capacity >>> PAGE_SHIFT;
    if (page == pages.length) {
      pages = Arrays.copyOf(pages, page * 2);
      isOwn = Arrays.copyOf(isOwn, page * 2);
    }
    pages[page] = new int[ROWS * width];
    isOwn[page] = true;
    capacity += ROWS;
  }
}
