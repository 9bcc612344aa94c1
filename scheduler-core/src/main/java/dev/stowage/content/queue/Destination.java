package dev.stowage.content.queue;

import dev.stowage.columns.SparseColumn;
import dev.stowage.content.ContentItem;
import dev.stowage.content.PriorityClass;
import dev.stowage.pressure.TokenBucket;
import org.jspecify.annotations.Nullable;

/**
 * Where items go to, with its permits, and by age what is ready for it. Two are the same if they
 * are the same object.
 */
public final class Destination {
  private static final int NONE = ItemTable.NONE;
  private static final @Nullable AgeHeap[] NOTHING = {};

  /** Its permits; null if bytes may go there as fast as they like. */
  final @Nullable TokenBucket bucket;

  private final Columns columns;

  /** Items for it that wait or are in flight. */
  int items;

  /** The search in which it was found to lack permits; searches count from 1. */
  long blockedInSearch;

  /** The oldest overdue item larger than the burst, and the search in which that was found. */
  int oldestLarge = NONE;

  long foundInSearch;

  /** Its position among those for which something is ready; -1 if nothing is. */
  int readyAt = NONE;

  /** Bit n is set if something of the n-th class of the order is ready. */
  private int readyBits;

  /** Ready items, by the place of their class. */
  private final @Nullable Ages[] ages = new Ages[PriorityClass.values().length];

  /** Ready items larger than the burst, by the place of their class; the oldest of each first. */
  private @Nullable AgeHeap[] large = NOTHING;

  /**
   * Where the items of all destinations stand.
   *
   * @param movedAt where the heaps of what was in another class keep their places
   * @param largeAt where the heaps of what is larger than the burst do
   */
  record Columns(ItemTable table, Ages.ByAge byAge, SparseColumn movedAt, SparseColumn largeAt) {
    Columns(ItemTable table) {
      this(table, new Ages.ByAge(table), new SparseColumn(), new SparseColumn());
    }
  }

  Destination(@Nullable TokenBucket bucket, Columns columns) {
    this.bucket = bucket;
    this.columns = columns;
  }

  /** Reports whether anything is ready. */
  boolean isReady() {
    return readyBits != 0;
  }

  /** Adds a ready item; its class stands at a place of the order. */
  void add(int slot, ContentItem item, int classAt) {
    Ages all = ages[classAt];
    if (all == null) {
      all = new Ages(columns);
      ages[classAt] = all;
    }
    all.add(slot);
    readyBits |= 1 << classAt;
    if (bucket != null
        && item.sizeBytes() > bucket.burstBytes()
        && item.priorityClass() != PriorityClass.CONTROL) {
      largeOf(classAt).add(slot);
    }
  }

  private AgeHeap largeOf(int classAt) {
    if (large.length == 0) {
      large = new AgeHeap[ages.length];
    }
    AgeHeap heap = large[classAt];
    if (heap == null) {
      heap = new AgeHeap(columns.table, columns.largeAt);
      large[classAt] = heap;
    }
    return heap;
  }

  /** Takes out an item that was added in the class at this place. */
  void remove(int slot, int classAt) {
    Ages all = ages[classAt];
    if (all != null) {
      all.remove(slot);
      readyBits &= all.oldest() == NONE ? ~(1 << classAt) : -1;
    }
    AgeHeap heap = large.length == 0 ? null : large[classAt];
    if (heap != null && heap.contains(slot)) {
      heap.remove(slot);
    }
  }

  /** Returns the oldest ready item of the classes in a set of bits, or -1. */
  int oldest(int classBits) {
    int oldest = NONE;
    for (int bits = classBits & readyBits; bits != 0; bits &= bits - 1) {
      Ages all = ages[Integer.numberOfTrailingZeros(bits)];
      oldest = all == null ? oldest : columns.byAge.older(oldest, all.oldest());
    }
    return oldest;
  }

  /** Reports whether anything larger than the burst was ever ready. */
  boolean hadLarge() {
    return large.length > 0;
  }

  /** Returns the oldest one larger than the burst of the classes in a set of bits, or -1. */
  int oldestLarge(int classBits) {
    int oldest = NONE;
    for (int bits = classBits & readyBits; bits != 0 && hadLarge(); bits &= bits - 1) {
      AgeHeap heap = large[Integer.numberOfTrailingZeros(bits)];
      if (heap != null && !heap.isEmpty()) {
        oldest = columns.byAge.older(oldest, heap.first());
      }
    }
    return oldest;
  }
}
