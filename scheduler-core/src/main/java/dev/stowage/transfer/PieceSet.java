package dev.stowage.transfer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of a transfer: a bit each, on pages that are there once something is on them. So one piece
 * more or less costs the same however many there are, all pieces take a bit each, and few of very
 * many take a page each at most.
 */
final class PieceSet {
  private static final int SHIFT = 10;
  private static final int WORDS = (1 << SHIFT) / Long.SIZE;
  private static final long[] @Nullable [] NONE = {};

  private long[] @Nullable [] pages = NONE;
  private int size;

  /** An empty set. */
  PieceSet() {}

  static PieceSet of(int... pieces) {
    PieceSet set = new PieceSet();
    for (int piece : pieces) {
      set.add(piece);
    }
    return set;
  }

  boolean contains(int piece) {
    int page = piece >>> SHIFT;
    long[] words = page < pages.length ? pages[page] : null;
    return words != null && (words[word(piece)] & bit(piece)) != 0;
  }

  /** Adds a piece, if it is not there. */
  void add(int piece) {
    long[] words = page(piece >>> SHIFT);
    if ((words[word(piece)] & bit(piece)) == 0) {
      words[word(piece)] |= bit(piece);
      size++;
    }
  }

  /** Takes a piece out, if it is there. */
  void remove(int piece) {
    if (contains(piece)) {
      page(piece >>> SHIFT)[word(piece)] &= ~bit(piece);
      size--;
    }
  }

  /** The pieces in ascending order. */
  int[] toArray() {
    int[] pieces = new int[size];
    int at = 0;
    for (int page = 0; page < pages.length; page++) {
      long[] words = pages[page];
      for (int word = 0; words != null && word < WORDS; word++) {
        for (long rest = words[word]; rest != 0; rest &= rest - 1) {
          pieces[at++] = (page << SHIFT) + word * Long.SIZE + Long.numberOfTrailingZeros(rest);
        }
      }
    }
    return pieces;
  }

  private long[] page(int page) {
    if (page >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(page + 1, pages.length + pages.length / 2));
    }
    long[] words = pages[page];
    if (words == null) {
      words = new long[WORDS];
      pages[page] = words;
    }
    return words;
  }

  private static int word(int piece) {
    return piece >>> 6 & (WORDS - 1);
  }

  private static long bit(int piece) {
    return 1L << piece;
  }
}
