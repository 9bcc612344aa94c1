package dev.stowage.columns;

import java.util.Arrays;

/** A binary heap of small numbers with keys, smallest key first, ties by smallest number. */
public final class KeyHeap {
  private static final int ABSENT = -1;

  private static final int LEAST_ROOM = 16;

  private long[] keys;
  private int[] places;
  private int[] heap = new int[LEAST_ROOM];
  private int size;

  public KeyHeap() {
    this(LEAST_ROOM);
  }

  public KeyHeap(int numbers) {
    keys = new long[numbers];
    places = new int[numbers];
    Arrays.fill(places, ABSENT);
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Returns the number with the smallest key; the heap must not be empty. */
  public int first() {
    return heap[0];
  }

  /** Returns the smallest key; the heap must not be empty. */
  public long firstKey() {
    return keys[heap[0]];
  }

  public boolean contains(int number) {
    return number < places.length && places[number] != ABSENT;
  }

  public void put(int number, long key) {
    if (number >= keys.length) {
      grow(number);
    }
    keys[number] = key;
    if (places[number] == ABSENT) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, ArrayGrowth.capacity(size * 2L, size + 1L));
      }
      place(size++, number);
    }
    rise(places[number]);
    sink(places[number]);
  }

  public void remove(int number) {
    if (!contains(number)) {
      return;
    }
    int hole = places[number];
    places[number] = ABSENT;
    int last = heap[--size];
    if (hole < size) {
      place(hole, last);
      rise(hole);
      sink(places[last]);
    }
  }

  private void grow(int number) {
    int old = keys.length;
    int capacity = ArrayGrowth.capacity(old * 2L, number + 1L);
    keys = Arrays.copyOf(keys, capacity);
    places = Arrays.copyOf(places, capacity);
    Arrays.fill(places, old, capacity, ABSENT);
  }

  private void rise(int from) {
    int at = from;
    int number = heap[at];
    while (at > 0 && isBefore(number, heap[(at - 1) >>> 1])) {
      place(at, heap[(at - 1) >>> 1]);
      at = (at - 1) >>> 1;
    }
    place(at, number);
  }

  private void sink(int from) {
    int at = from;
    int number = heap[at];
    // Halving the size avoids the overflow of doubling the place.
    while (at < size >>> 1) {
      int child = 2 * at + 1;
      if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], number)) {
        break;
      }
      place(at, heap[child]);
      at = child;
    }
    place(at, number);
  }

  private void place(int at, int number) {
    heap[at] = number;
    places[number] = at;
  }

  private boolean isBefore(int a, int b) {
    return keys[a] != keys[b] ? keys[a] < keys[b] : a < b;
  }
}
