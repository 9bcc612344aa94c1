package dev.stowage.placement;

/** A stable merge sort of ints by a canonical order that only compares. */
final class CanonicalSort {
  private final int[] items;
  private final SlotOrder canonical;
  private int[] spare = new int[0];

  CanonicalSort(int[] items, SlotOrder canonical) {
    this.items = items;
    this.canonical = canonical;
  }

  /** Sorts a part of the list; what is sorted already costs one look. */
  void sort(int from, int to) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    sort(from, middle);
    sort(middle, to);
    merge(from, middle, to);
  }

  /** Merges two sorted parts that lie side by side. */
  void merge(int from, int middle, int to) {
    if (middle == from || middle == to) {
      return;
    }
    if (canonical.compare(items[middle - 1], items[middle]) <= 0) {
      return;
    }
    int left = middle - from;
    if (spare.length < left) {
      spare = new int[left];
    }
    System.arraycopy(items, from, spare, 0, left);
    int one = 0;
    int other = middle;
    for (int at = from; one < left; at++) {
      boolean second = other < to && canonical.compare(spare[one], items[other]) > 0;
      items[at] = second ? items[other++] : spare[one++];
    }
  }
}
