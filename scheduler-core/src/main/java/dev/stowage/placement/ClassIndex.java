package dev.stowage.placement;

import java.util.Arrays;

/** Finds the number of a class by its three ints, in order of first appearance. */
final class ClassIndex {
  private int[] keys = new int[64 * 3];
  private int[] number = new int[64];
  private int count;
  private int last = -1;

  ClassIndex() {
    Arrays.fill(number, -1);
  }

  int of(int eligibility, int weight, int floor) {
    if (last >= 0 && is(last, eligibility, weight, floor)) {
      return number[last];
    }
    if (count * 2 >= number.length) {
      grow();
    }
    last = place(eligibility, weight, floor);
    if (number[last] < 0) {
      number[last] = count++;
      keys[last * 3] = eligibility;
      keys[last * 3 + 1] = weight;
      keys[last * 3 + 2] = floor;
    }
    return number[last];
  }

  private int place(int eligibility, int weight, int floor) {
    long mixed = Avalanche.of(((long) weight << 32 | floor) * 31 + eligibility);
    int at = (int) mixed & (number.length - 1);
    while (number[at] >= 0 && !is(at, eligibility, weight, floor)) {
      at = (at + 1) & (number.length - 1);
    }
    return at;
  }

  private boolean is(int at, int eligibility, int weight, int floor) {
    return keys[at * 3] == eligibility && keys[at * 3 + 1] == weight && keys[at * 3 + 2] == floor;
  }

  private void grow() {
    int[] oldKeys = keys;
    int[] oldNumber = number;
    keys = new int[oldKeys.length * 2];
    number = new int[oldNumber.length * 2];
    Arrays.fill(number, -1);
    for (int i = 0; i < oldNumber.length; i++) {
      if (oldNumber[i] >= 0) {
        int at = place(oldKeys[i * 3], oldKeys[i * 3 + 1], oldKeys[i * 3 + 2]);
        number[at] = oldNumber[i];
        System.arraycopy(oldKeys, i * 3, keys, at * 3, 3);
      }
    }
  }
}
