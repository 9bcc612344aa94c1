package dev.stowage.columns;

import java.util.function.IntBinaryOperator;

/** A stable merge sort of ints; sorted input costs one comparison per pair of halves. */
public final class MergeSort {
  private final int[] items;
  private final IntBinaryOperator order;
  private int[] spare = new int[0];

  /** Sorts ranges of {@code items} in place by a comparator-like {@code order}. */
  public MergeSort(int[] items, IntBinaryOperator order) {
    this.items = items;
    this.order = order;
  }

  public void sort(int from, int to) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    sort(from, middle);
    sort(middle, to);
    merge(from, middle, to);
  }

  public void merge(int from, int middle, int to) {
    if (middle == from || middle == to) {
      return;
    }
    if (order.applyAsInt(items[middle - 1], items[middle]) <= 0) {
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
      boolean second = other < to && order.applyAsInt(spare[one], items[other]) > 0;
      items[at] = second ? items[other++] : spare[one++];
    }
  }
}
