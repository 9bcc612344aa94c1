package dev.stowage.placement.fleet;

import dev.stowage.columns.Avalanche;
import dev.stowage.columns.IntList;
import dev.stowage.columns.PositionIndex;

/** Finds the number of a class by its three ints, in order of first appearance. */
final class ClassIndex {
  private static final int WIDTH = 3;

  private final IntList keys = new IntList();
  private final PositionIndex index = new PositionIndex(this::hashOf);
  private int last = PositionIndex.NONE;

  int of(int eligibility, int weight, int floor) {
    if (last >= 0 && is(last, eligibility, weight, floor)) {
      return last;
    }
    long hash = hash(eligibility, weight, floor);
    last = find(hash, eligibility, weight, floor);
    if (last < 0) {
      last = keys.size() / WIDTH;
      keys.add(eligibility);
      keys.add(weight);
      keys.add(floor);
      index.add(last, hash);
    }
    return last;
  }

  private int find(long hash, int eligibility, int weight, int floor) {
    int place = PositionIndex.NONE;
    do {
      place = index.next(hash, place);
    } while (place != PositionIndex.NONE && !is(index.position(place), eligibility, weight, floor));
    return place == PositionIndex.NONE ? PositionIndex.NONE : index.position(place);
  }

  private boolean is(int number, int eligibility, int weight, int floor) {
    int at = number * WIDTH;
    return keys.get(at) == eligibility && keys.get(at + 1) == weight && keys.get(at + 2) == floor;
  }

  private long hashOf(int number) {
    int at = number * WIDTH;
    return hash(keys.get(at), keys.get(at + 1), keys.get(at + 2));
  }

  private static long hash(int eligibility, int weight, int floor) {
    return Avalanche.of(((long) weight << 32 | floor) * 31 + eligibility);
  }
}
