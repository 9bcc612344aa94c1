package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Priority;
import dev.stowage.deterministic.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** One core's tasks in three lanes; a lane passed over {@code bound} times in a row goes next. */
public final class CoreQueue {
  private static final int LANES = Priority.values().length;

  private final int capacity;
  private final int bound;
  private final List<Deque<Task>> lanes = new ArrayList<>();
  private final int[] passedOver = new int[LANES];
  private int size;

  public CoreQueue(int capacity, int bound) {
    this.capacity = capacity;
    this.bound = bound;
    for (int lane = 0; lane < LANES; lane++) {
      lanes.add(new ArrayDeque<>());
    }
  }

  public int size() {
    return size;
  }

  boolean isFull() {
    return size == capacity;
  }

  public boolean offer(Task task) {
    if (size == capacity) {
      return false;
    }
    lanes.get(task.priority().level()).addLast(task);
    size++;
    return true;
  }

  public Task take() {
    int pick = pick();
    passedOver[pick] = 0;
    for (int lower = pick + 1; lower < LANES; lower++) {
      passedOver[lower] = !lanes.get(lower).isEmpty() ? passedOver[lower] + 1 : 0;
    }
    size--;
    return lanes.get(pick).removeFirst();
  }

  private int pick() {
    for (int lane = LANES - 1; lane > 0; lane--) {
      if (passedOver[lane] >= bound && !lanes.get(lane).isEmpty()) {
        return lane;
      }
    }
    int lane = 0;
    while (lanes.get(lane).isEmpty()) {
      lane++;
    }
    return lane;
  }
}
