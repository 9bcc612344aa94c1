package dev.stowage.placement.fleet;

import dev.stowage.columns.Avalanche;
import dev.stowage.columns.IntList;
import dev.stowage.columns.PositionIndex;

/** Numbers classes by their four ints, in order of first appearance. */
final class ClassIndex {
  private static final int WIDTH = 4;

  private final IntList keys = new IntList();
  private final PositionIndex index = new PositionIndex(this::hashOf);
  private int last = PositionIndex.NONE;

  int of(int eligibility, int weight, int floor, int cap) {
    if (last >= 0 && is(last, eligibility, weight, floor, cap)) {
      return last;
    }
    long hash = hash(eligibility, weight, floor, cap);
    last = find(hash, eligibility, weight, floor, cap);
    if (last < 0) {
      last = keys.size() / WIDTH;
      keys.add(eligibility);
      keys.add(weight);
      keys.add(floor);
      keys.add(cap);
      index.add(last, hash);
    }
    return last;
  }

  private int find(long hash, int eligibility, int weight, int floor, int cap) {
    int place = PositionIndex.NONE;
    do {
      place = index.next(hash, place);
    } while (place != PositionIndex.NONE
        && !is(index.position(place), eligibility, weight, floor, cap));
    return place == PositionIndex.NONE ? PositionIndex.NONE : index.position(place);
  }

  private boolean is(int number, int eligibility, int weight, int floor, int cap) {
    int at = number * WIDTH;
    return keys.get(at) == eligibility
        && keys.get(at + 1) == weight
        && keys.get(at + 2) == floor
        && keys.get(at + 3) == cap;
  }

  private long hashOf(int number) {
    int at = number * WIDTH;
    return hash(keys.get(at), keys.get(at + 1), keys.get(at + 2), keys.get(at + 3));
  }

  private static long hash(int eligibility, int weight, int floor, int cap) {
    return Avalanche.of((((long) weight << 32 | floor) * 31 + cap) * 31 + eligibility);
  }
}
