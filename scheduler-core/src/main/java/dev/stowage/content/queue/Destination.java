package dev.stowage.content.queue;

import dev.stowage.columns.SparseColumn;
import dev.stowage.content.ByteRate;
import dev.stowage.content.PriorityClass;
import dev.stowage.pressure.TokenBucket;
import org.jspecify.annotations.Nullable;

/** A destination with its permits and its ready items by age; compared by identity. */
public final class Destination {
  private static final int NONE = ItemTable.NONE;

  @Nullable TokenBucket bucket;

  private final Columns columns;

  int items;

  int onTheWay;

  /** The most items on the way at once. */
  int window;

  @Nullable ByteRate rate;

  /** The number, from 1, of the latest search in which permits were missing. */
  long blockedInSearch;

  int readyAt = NONE;

  private int readyBits;

  /** Indexed by the place of the class in order. */
  private final @Nullable Ages[] ages = new Ages[PriorityClass.values().length];

  record Columns(ItemTable table, Ages.ByAge byAge, SparseColumn movedAt) {
    Columns(ItemTable table) {
      this(table, new Ages.ByAge(table), new SparseColumn());
    }
  }

  Destination(int window, Columns columns) {
    this.window = window;
    this.columns = columns;
  }

  boolean isFull() {
    return onTheWay >= window;
  }

  boolean isReady() {
    return readyBits != 0;
  }

  void add(int slot, int classAt) {
    Ages all = ages[classAt];
    if (all == null) {
      all = new Ages(columns);
      ages[classAt] = all;
    }
    all.add(slot);
    readyBits |= 1 << classAt;
  }

  void remove(int slot, int classAt) {
    Ages all = ages[classAt];
    if (all != null) {
      all.remove(slot);
      readyBits &= all.oldest() == NONE ? ~(1 << classAt) : -1;
    }
  }

  int oldest(int classBits) {
    int oldest = NONE;
    for (int bits = classBits & readyBits; bits != 0; bits &= bits - 1) {
      Ages all = ages[Integer.numberOfTrailingZeros(bits)];
      oldest = all == null ? oldest : columns.byAge.older(oldest, all.oldest());
    }
    return oldest;
  }
}
