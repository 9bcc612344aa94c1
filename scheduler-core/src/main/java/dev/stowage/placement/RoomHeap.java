package dev.stowage.placement;

import org.jspecify.annotations.Nullable;

/**
 * The workers of a pool by their room below the water level, most first. Keys are brought up to
 * date lazily: room mostly shrinks, so an entry that is too high is sifted down when it is met;
 * where room grew, the board says so.
 */
final class RoomHeap {
  private final Board board;
  private final Pool pool;
  private final int[] rank;
  private int @Nullable [] heap;
  private long[] key = new long[0];
  private int[] place = new int[0];

  /** Workers that the chunk in focus cannot go to: out of the heap until the focus changes. */
  private int[] aside = new int[16];

  private int asideCount;
  private int focus;
  private int size;
  private int seen;

  RoomHeap(Board board, Pool pool) {
    this.board = board;
    this.pool = pool;
    rank = board.fleet.rank;
  }

  /**
   * The worker with the most room that takes the chunk in focus, or -1. Whoever does not take it
   * now will not until the focus changes or room grows somewhere: a chunk that takes many replicas
   * steps over those that hold it once, not once for each.
   */
  int most(int chunk, Picker picker) {
    if (focus != board.focusCount() || seen != board.raised.size) {
      while (asideCount > 0) {
        insert(aside[--asideCount]);
      }
      focus = board.focusCount();
    }
    prepare();
    while (size > 0) {
      int top = settledTop();
      if (picker.takes(chunk, top)) {
        return top;
      }
      if (asideCount == aside.length) {
        aside = java.util.Arrays.copyOf(aside, asideCount * 2);
      }
      aside[asideCount++] = top;
      removeTop();
    }
    return -1;
  }

  private void prepare() {
    if (heap == null) {
      heap = new int[pool.size()];
      key = new long[board.fleet.count];
      place = new int[board.fleet.count];
      java.util.Arrays.fill(place, -1);
      for (int worker : pool.placeable) {
        insert(worker);
      }
    } else {
      for (; seen < board.raised.size; seen++) {
        int worker = board.raised.get(seen);
        if (place[worker] >= 0) {
          key[worker] = board.head(worker);
          siftUp(place[worker]);
          siftDown(place[worker]);
        }
      }
    }
    seen = board.raised.size;
  }

  private int[] items() {
    int[] known = heap;
    if (known == null) {
      throw new IllegalStateException("the heap is used before it is prepared");
    }
    return known;
  }

  private int settledTop() {
    int[] items = items();
    while (true) {
      int top = items[0];
      long head = board.head(top);
      if (head == key[top]) {
        return top;
      }
      key[top] = head;
      siftDown(0);
      if (items[0] == top) {
        return top;
      }
    }
  }

  private void insert(int worker) {
    key[worker] = board.head(worker);
    items()[size] = worker;
    place[worker] = size++;
    siftUp(size - 1);
  }

  private void removeTop() {
    int[] items = items();
    place[items[0]] = -1;
    size--;
    if (size > 0) {
      items[0] = items[size];
      place[items[0]] = 0;
      siftDown(0);
    }
  }

  /**
   * More room first; among equals the first in canonical order, so that the order is one and only.
   */
  private boolean isBefore(int one, int other) {
    return key[one] != key[other] ? key[one] > key[other] : rank[one] < rank[other];
  }

  private void siftUp(int from) {
    int[] items = items();
    int worker = items[from];
    int at = from;
    while (at > 0 && isBefore(worker, items[(at - 1) / 2])) {
      set(at, items[(at - 1) / 2]);
      at = (at - 1) / 2;
    }
    set(at, worker);
  }

  private void siftDown(int from) {
    int[] items = items();
    int worker = items[from];
    int at = from;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && isBefore(items[child + 1], items[child])) {
        child++;
      }
      if (!isBefore(items[child], worker)) {
        break;
      }
      set(at, items[child]);
      at = child;
    }
    set(at, worker);
  }

  private void set(int at, int worker) {
    items()[at] = worker;
    place[worker] = at;
  }
}
