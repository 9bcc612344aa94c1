package dev.stowage.content.queue;

import dev.stowage.columns.SparseColumn;
import dev.stowage.content.ContentItem;
import dev.stowage.content.PriorityClass;
import dev.stowage.pressure.TokenBucket;
import org.jspecify.annotations.Nullable;

/** Where items go to, with its permits. Two are the same if they are the same object. */
public final class Destination {
  private static final @Nullable AgeHeap[] NOTHING = {};

  /** Its permits; null if bytes may go there as fast as they like. */
  final @Nullable TokenBucket bucket;

  /** Items for it that wait or are in flight. */
  int items;

  /** The search in which it was found to lack permits; searches count from 1. */
  long blockedInSearch;

  /** The item that saves up its permits, and the search in which that was found. */
  int saver = ItemTable.NONE;

  long saverOfSearch;

  /** Ready items larger than the burst, by the place of their class; the oldest of each first. */
  private @Nullable AgeHeap[] oversize = NOTHING;

  Destination(@Nullable TokenBucket bucket) {
    this.bucket = bucket;
  }

  /** Reports whether an item can go only when the bucket is full. */
  boolean isOversize(ContentItem item) {
    return bucket != null
        && item.sizeBytes() > bucket.burstBytes()
        && item.priorityClass() != PriorityClass.CONTROL;
  }

  /** Whether anything larger than the burst has waited here. */
  boolean hadOversize() {
    return oversize.length > 0;
  }

  /**
   * Adds a ready item that is larger than the burst.
   *
   * @param classAt the place of its class in the order
   * @param at where the heaps of all destinations keep their places
   */
  void addOversize(int slot, int classAt, ItemTable table, SparseColumn at) {
    if (!hadOversize()) {
      oversize = new AgeHeap[PriorityClass.values().length];
    }
    AgeHeap heap = oversize[classAt];
    if (heap == null) {
      heap = new AgeHeap(table, at);
      oversize[classAt] = heap;
    }
    heap.add(slot);
  }

  /** Takes an item out if it is one of those that are larger than the burst. */
  void removeOversize(int slot, int classAt) {
    AgeHeap heap = hadOversize() ? oversize[classAt] : null;
    if (heap != null && heap.contains(slot)) {
      heap.remove(slot);
    }
  }

  /** Returns the oldest item larger than the burst of the classes in a set of bits, or -1. */
  int oldestOversize(int classBits, Ages.ByAge byAge) {
    int oldest = ItemTable.NONE;
    for (int bits = hadOversize() ? classBits : 0; bits != 0; bits &= bits - 1) {
      AgeHeap heap = oversize[Integer.numberOfTrailingZeros(bits)];
      if (heap != null
          && !heap.isEmpty()
          && (oldest == ItemTable.NONE || byAge.before(heap.first(), oldest))) {
        oldest = heap.first();
      }
    }
    return oldest;
  }
}
