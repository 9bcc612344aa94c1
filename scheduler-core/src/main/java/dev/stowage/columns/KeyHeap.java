package dev.stowage.columns;

import java.util.Arrays;

/**
 * A binary heap of small numbers, each with a key; the smallest key first, of equal keys the
 * smallest number: so the order is one and only. Keys stand beside the heap, by number.
 */
public final class KeyHeap {
  private static final int ABSENT = -1;

  private static final int LEAST_ROOM = 16;

  private long[] keys;
  private int[] places;
  private int[] heap = new int[LEAST_ROOM];
  private int size;

  /** An empty heap. */
  public KeyHeap() {
    this(LEAST_ROOM);
  }

  /** An empty heap that need not grow for numbers below this one. */
  public KeyHeap(int numbers) {
    keys = new long[numbers];
    places = new int[numbers];
    Arrays.fill(places, ABSENT);
  }

  /** Whether there is no number. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** The number with the smallest key; there must be one. */
  public int first() {
    return heap[0];
  }

  /** The smallest key; there must be one. */
  public long firstKey() {
    return keys[heap[0]];
  }

  /** Whether a number is in. */
  public boolean contains(int number) {
    return number < places.length && places[number] != ABSENT;
  }

  /** Puts a number in, or gives it another key. */
  public void put(int number, long key) {
    if (number >= keys.length) {
      grow(number);
    }
    keys[number] = key;
    if (places[number] == ABSENT) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, Growth.capacity(size * 2L, size + 1L));
      }
      place(size++, number);
    }
    rise(places[number]);
    sink(places[number]);
  }

  /** Takes a number out if it is in. */
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

  /** Takes out all numbers with keys up to this one, the smallest key first. */
  public int[] takeUpTo(long key) {
    IntList taken = new IntList(0);
    while (size > 0 && firstKey() <= key) {
      taken.add(first());
      remove(first());
    }
    return taken.toArray();
  }

  private void grow(int number) {
    int old = keys.length;
    int capacity = Growth.capacity(old * 2L, number + 1L);
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
    // as long as there is a child: twice the place may be more than an int holds
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
