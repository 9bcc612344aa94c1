package dev.stowage.propagation;

import java.util.Arrays;

/** A heap of small numbers, each with a key; the smallest key first, of equals the number. */
final class IndexHeap {
  private static final int ABSENT = -1;

  private long[] keys = new long[16];
  private int[] places = new int[16];
  private int[] heap = new int[16];
  private int size;

  IndexHeap() {
    Arrays.fill(places, ABSENT);
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The number with the smallest key. */
  int first() {
    return heap[0];
  }

  long firstKey() {
    return keys[heap[0]];
  }

  /** Puts a number in, or gives it another key. */
  void put(int number, long key) {
    if (number >= keys.length) {
      grow(number);
    }
    keys[number] = key;
    if (places[number] == ABSENT) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      place(size++, number);
    }
    rise(places[number]);
    sink(places[number]);
  }

  /** Takes a number out if it is in. */
  void remove(int number) {
    if (number >= places.length || places[number] == ABSENT) {
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
  int[] takeUpTo(long key) {
    int[] taken = new int[Math.min(size, 16)];
    int count = 0;
    while (size > 0 && firstKey() <= key) {
      if (count == taken.length) {
        taken = Arrays.copyOf(taken, count * 2);
      }
      taken[count] = first();
      remove(taken[count++]);
    }
    return Arrays.copyOf(taken, count);
  }

  private void grow(int number) {
    int old = keys.length;
    int capacity = Math.max(number + 1, old * 2);
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
    while (2 * at + 1 < size) {
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
